package org.processmanager.ipc.internal.broadcast;

import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** A receiving end of a broadcast. */
final class BroadcastReceiver extends AbstractReceiver {
    private final BroadcastChannel channel;
    private final int slot;
    private final BroadcastReader reader;
    private final Spin spin = new Spin();
    private final ProbeInterval probes = new ProbeInterval();
    private final Spin.Condition hasNext = new HasNext();
    private final Spin.Condition waitIsOver = new WaitIsOver();

    /** How many senders there were before this receiver was opened, without one that was still there. */
    private final long sendersBefore;

    static BroadcastReceiver open(BroadcastChannel channel, BroadcastOptions options, Delivery delivery) {
        try {
            int slot = channel.receivers.take(channel.endpoint);
            return new BroadcastReceiver(channel, slot, options, delivery);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private BroadcastReceiver(BroadcastChannel channel, int slot, BroadcastOptions options, Delivery delivery) {
        super(channel.endpoint, delivery);
        this.channel = channel;
        this.slot = slot;
        int policy = options.policy();
        long position = channel.receivers.join(slot, policy, Math.min(options.longestLag(), channel.lane.capacity));
        channel.senderWait.wake(); // it may have found no room while this receiver joined
        Runnable onRelease = new WakeSender(channel.senderWait);
        reader = policy == ReceiverLayout.BLOCK
                ? new BlockingReader(channel.lane, slot, position, onRelease)
                : new CopyingReader(
                        channel.lane, slot, position, onRelease, channel.endpoint, policy == ReceiverLayout.EVICT);
        sendersBefore = channel.sender.ownersSoFar() - (channel.sender.isTaken() ? 1 : 0);
    }

    @Override
    protected int take(MessageHandler handler, int limit, Delivery when) {
        int read = read(handler, limit, when);
        if (read == 0 && isClosedNow(false)) {
            // Once more, because the sender's last messages precede its leaving.
            read = read(handler, limit, when);
            return read == 0 ? CLOSED : read;
        }
        return read;
    }

    private int read(MessageHandler handler, int limit, Delivery when) {
        int read = reader.read(handler, limit, when);
        if (read > 0) {
            probes.restart();
            spin.found(read);
        }
        return read;
    }

    /** Returns whether the channel was deleted, or no sender is left and there was one. Asks the kernel now and then, or if {@code mustProbe}. */
    private boolean isClosedNow(boolean mustProbe) {
        boolean probe = mustProbe || probes.isDue();
        if (probe) {
            channel.checkSound();
        }
        if (channel.isDeleted()) {
            return true;
        }
        if (waitsForSenders) {
            return false;
        }
        // Before its slot is read: a sender that takes the slot in between has not left.
        boolean hadSender = reader.received > 0 || channel.sender.ownersSoFar() > sendersBefore;
        if (channel.sender.ownerVolatile() != 0) {
            return probe && !channel.sender.isTaken();
        }
        return hadSender;
    }

    @Override
    protected void await(Deadline deadline) throws InterruptedException {
        if (spin.await(hasNext)) {
            return;
        }
        Slices slices = channel.region.parking().slices();
        while (!waitIsOver.holds() && !deadline.isOver()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            channel.receiversWait.sleepUnless(waitIsOver, slices.nextNanos(deadline));
        }
        guard.checkOpen();
    }

    @Override
    public void wake() {
        channel.receiversWait.wake();
    }

    @Override
    public void release() {
        try {
            channel.receivers.leave(slot);
            channel.senderWait.wake();
        } finally {
            channel.close();
        }
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(
                Role.RECEIVER, reader.received, reader.missed, channel.receivers.lag(slot, channel.lane.tailAcquire()));
    }

    private final class HasNext implements Spin.Condition {
        @Override
        public boolean holds() {
            return reader.hasNext();
        }
    }

    /** {@link #take} has a result, or this end is closed. */
    private final class WaitIsOver implements Spin.Condition {
        @Override
        public boolean holds() {
            return guard.isClosed() || reader.hasNext() || isClosedNow(true);
        }
    }

    private record WakeSender(WaitWord senderWait) implements Runnable {
        @Override
        public void run() {
            senderWait.wakeIfWaiting();
        }
    }
}
