package org.processmanager.ipc.internal.queue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.buffer.TakenCell;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * A receiving end of a queue. With AT_LEAST_ONCE the cell of a message is freed after its handler has returned: if the handler
 * throws or this process dies, the message is delivered again, to any receiver.
 */
final class QueueReceiver extends AbstractReceiver {
    /** A wait looks this often whether the channel or this end was closed. Messages wake it at once. */
    private static final Duration SLICE = Duration.ofMillis(50);

    private final QueueChannel channel;
    private final ByteBuffer copy;
    private final ByteBuffer view;
    private final ProbeInterval probes = new ProbeInterval();
    /** How many senders there were before this receiver was opened, without those that were still there. */
    private final long sendersBefore;

    /** Taken by a wait, and not passed on yet. */
    private @Nullable TakenCell next;

    /** A wait ended without a message. */
    private boolean waitedInVain;

    private volatile long messages;

    static QueueReceiver open(QueueChannel channel, Delivery delivery) {
        try {
            return new QueueReceiver(channel, delivery);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private QueueReceiver(QueueChannel channel, Delivery delivery) {
        super(channel.endpoint, delivery);
        this.channel = channel;
        copy = ByteBuffer.allocateDirect(channel.buffer.cellBytes());
        view = copy.asReadOnlyBuffer();
        sendersBefore = channel.soFar(QueueLayout.SENDER) - channel.count(QueueLayout.SENDER, true);
    }

    /** Returns the next part of a wait. */
    static Deadline slice(Deadline deadline) {
        return deadline.leftNanos() < SLICE.toNanos() ? deadline : Deadline.after(SLICE);
    }

    @Override
    protected int take(MessageHandler handler, int limit, Delivery when) {
        try {
            int taken = channel.isDeleted() ? CLOSED : takeAvailable(handler, limit, when);
            if (taken == 0 && isClosedNow()) {
                // Once more, because the senders' last messages precede their leaving.
                taken = takeAvailable(handler, limit, when);
                return taken == 0 && channel.buffer.isIdle() ? CLOSED : taken;
            }
            return taken;
        } catch (RegionException e) {
            return closed(e);
        }
    }

    private int takeAvailable(MessageHandler handler, int limit, Delivery when) {
        int taken = 0;
        while (taken < limit) {
            TakenCell cell = next != null ? next : channel.buffer.poll();
            if (cell == null) {
                break;
            }
            next = null;
            pass(cell, handler, when);
            taken++;
        }
        if (taken > 0) {
            probes.restart();
        }
        return taken;
    }

    private void pass(TakenCell cell, MessageHandler handler, Delivery when) {
        int length = cell.copyTo(copy);
        boolean done = when == Delivery.AT_MOST_ONCE;
        if (done) {
            cell.ack();
            messages++;
        }
        view.clear().order(ByteOrder.BIG_ENDIAN);
        try {
            handler.onMessage(view, 0, length);
            if (!done) {
                done = true;
                cell.ack();
                messages++;
            }
        } finally {
            if (!done) {
                cell.giveBack();
            }
        }
    }

    /** Returns whether no sender is left and there was one. Asks the kernel now and then. */
    private boolean isClosedNow() {
        boolean probe = probes.isDue() || waitedInVain;
        waitedInVain = false;
        // Before the senders are counted: one that joins in between has not left.
        long senders = channel.soFar(QueueLayout.SENDER);
        if (waitsForSenders
                || (messages == 0 && senders <= sendersBefore)
                || channel.count(QueueLayout.SENDER, probe) > 0) {
            return false;
        }
        // One may have joined in a slot that was looked at before another one left: it is there, or has been counted.
        return channel.count(QueueLayout.SENDER, false) == 0 && channel.soFar(QueueLayout.SENDER) == senders;
    }

    private int closed(RegionException e) {
        if (channel.isDeleted()) {
            return CLOSED;
        }
        throw new ChannelException("cannot receive from " + endpoint + ": " + e.getMessage(), e);
    }

    @Override
    protected void await(Deadline deadline) throws InterruptedException {
        guard.checkOpen();
        try {
            next = channel.buffer.take(slice(deadline));
        } catch (RegionException e) {
            closed(e);
        }
        waitedInVain = next == null;
        if (waitedInVain) {
            guard.checkOpen();
        }
    }

    /** A waiting thread looks at its guard after each slice. */
    @Override
    public void wake() {
        // nothing
    }

    @Override
    public void release() {
        channel.close(); // what was taken and not passed on is given back
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(messages);
    }
}
