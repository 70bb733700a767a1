package org.processmanager.ipc.internal.mapped;

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

/** The receiving end of a channel in shared memory. */
final class MappedReceiver extends AbstractReceiver {
    private final MappedChannel channel;
    private final LaneReader reader;
    private final Spin spin = new Spin();
    private final ProbeInterval probes = new ProbeInterval();
    private final Spin.Condition hasMessage = new HasMessage();
    private final Spin.Condition waitIsOver = new WaitIsOver();

    /** How many senders there were before this receiver was opened, without one that was still there. */
    private final long sendersBefore;

    static MappedReceiver open(MappedChannel channel, Delivery delivery) {
        try {
            channel.take(channel.receiverSlot, Role.RECEIVER);
            return new MappedReceiver(channel, delivery);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedReceiver(MappedChannel channel, Delivery delivery) {
        super(channel.endpoint, delivery);
        this.channel = channel;
        this.reader = new LaneReader(
                channel.memory, channel.offset, channel.capacity, channel.endpoint, new WakeSender(channel.senderWait));
        this.sendersBefore = channel.senderSlot.ownersSoFar() - (channel.senderSlot.isTaken() ? 1 : 0);
        // A sender that filled the lane may have been waiting for a first receiver.
        channel.senderWait.wake();
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
        if (read == 0 && spin.pauseIfBusy()) {
            read = reader.read(handler, limit, when);
        }
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
        if (channel.senderSlot.ownerVolatile() != 0) {
            return probe && !channel.senderSlot.isTaken();
        }
        return reader.messages() > 0 || channel.senderSlot.ownersSoFar() > sendersBefore;
    }

    @Override
    protected void await(Deadline deadline) throws InterruptedException {
        if (spin.await(hasMessage)) {
            return;
        }
        Slices slices = channel.region.parking().slices();
        while (!waitIsOver.holds() && !deadline.isOver()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            channel.receiverWait.sleepUnless(waitIsOver, slices.nextNanos(deadline));
        }
        guard.checkOpen();
    }

    @Override
    public void wake() {
        channel.receiverWait.wake();
    }

    @Override
    public void release() {
        try {
            channel.receiverSlot.free();
            channel.senderWait.wake();
        } finally {
            channel.close();
        }
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(Role.RECEIVER, reader.messages());
    }

    private final class HasMessage implements Spin.Condition {
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
