package org.processmanager.ipc.internal.mapped;

import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** The receiving end of a channel in shared memory. */
final class MappedReceiver extends AbstractReceiver {
    private final MappedChannel channel;
    private final LaneRounds lanes;
    private final Spin spin = new Spin();
    private final ProbeInterval probes = new ProbeInterval();
    private final Spin.Condition hasMessage = new HasMessage();
    private final Spin.Condition waitIsOver = new WaitIsOver();

    /** How many senders there were before this receiver was opened, without those that were still there. */
    private final long sendersBefore;

    static MappedReceiver open(MappedChannel channel, Delivery delivery) {
        try {
            channel.takeReceiver();
            return new MappedReceiver(channel, delivery);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedReceiver(MappedChannel channel, Delivery delivery) {
        super(channel.endpoint, delivery);
        this.channel = channel;
        this.lanes = new LaneRounds(
                channel.lanes.stream().map(ChannelLane::newReader).toList());
        this.sendersBefore = channel.sendersSoFar()
                - channel.lanes.stream()
                        .filter(lane -> lane.senderSlot.isTaken())
                        .count();
        // A sender that filled its lane may have been waiting for a first receiver.
        channel.wakeSenders();
    }

    @Override
    protected int take(MessageHandler handler, int limit, Delivery when) {
        int read = read(handler, limit, when);
        if (read == 0 && isClosedNow(false)) {
            // Once more, because the last messages of a sender precede its leaving.
            read = read(handler, limit, when);
            return read == 0 ? CLOSED : read;
        }
        return read;
    }

    private int read(MessageHandler handler, int limit, Delivery when) {
        int read = lanes.read(handler, limit, when);
        if (read == 0 && spin.pauseIfBusy()) {
            read = lanes.read(handler, limit, when);
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
        long senders = channel.sendersSoFar();
        if (hasSender(probe)) {
            return false;
        }
        // A sender may have joined a lane that was already looked at before the last one left another: it is still
        // there or,
        // if it left as well, it has been counted.
        if (channel.lanes.size() > 1 && (hasSender(false) || channel.sendersSoFar() != senders)) {
            return false;
        }
        return lanes.messages() > 0 || senders > sendersBefore;
    }

    private boolean hasSender(boolean probe) {
        for (ChannelLane lane : channel.lanes) {
            if (lane.senderSlot.ownerVolatile() != 0 && (!probe || lane.senderSlot.isTaken())) {
                return true;
            }
        }
        return false;
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
            channel.wakeSenders();
        } finally {
            channel.close();
        }
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(lanes.messages());
    }

    private final class HasMessage implements Spin.Condition {
        @Override
        public boolean holds() {
            return lanes.hasNext();
        }
    }

    /** {@link #take} has a result, or this end is closed. */
    private final class WaitIsOver implements Spin.Condition {
        @Override
        public boolean holds() {
            return guard.isClosed() || lanes.hasNext() || isClosedNow(true);
        }
    }
}
