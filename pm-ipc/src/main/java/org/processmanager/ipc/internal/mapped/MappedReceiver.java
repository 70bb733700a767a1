package org.processmanager.ipc.internal.mapped;

import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.ipc.internal.channel.RecordReceiver;

/** The receiving end of a channel in shared memory. */
final class MappedReceiver extends RecordReceiver {
    private final MappedChannel channel;
    private final LaneRounds lanes;
    private final EndSlot[] senderSlots;
    /** How many senders there were before this receiver was opened, without those that were still there. */
    private final long sendersBefore;

    static MappedReceiver open(MappedChannel channel, Delivery delivery) {
        try {
            channel.takeReceiver();
            return new MappedReceiver(channel, delivery);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private MappedReceiver(MappedChannel channel, Delivery delivery) {
        super(channel.endpoint, delivery, channel.region);
        this.channel = channel;
        this.lanes = new LaneRounds(
                channel.lanes.stream().map(ChannelLane::newReader).toList());
        this.senderSlots = channel.lanes.stream().map(lane -> lane.senderSlot).toArray(EndSlot[]::new);
        this.sendersBefore = channel.sendersSoFar()
                - channel.lanes.stream()
                        .filter(lane -> lane.senderSlot.isTaken())
                        .count();
        // A sender that filled its lane may have been waiting for a first receiver.
        channel.wakeSenders();
    }

    @Override
    protected int readAvailable(MessageHandler handler, int limit, Delivery when) {
        return lanes.read(handler, limit, when);
    }

    @Override
    protected boolean hasNext() {
        return lanes.hasNext();
    }

    @Override
    protected void checkSound() {
        channel.checkSound();
    }

    @Override
    protected boolean haveSendersLeft(boolean probe) {
        return !hasSender(probe) && haveAllLeft();
    }

    private boolean haveAllLeft() {
        long senders = channel.sendersSoFar();
        if (senders == sendersBefore && lanes.messages() == 0) {
            return false;
        }
        // A sender may have joined a lane that was looked at before the last one left another: it is there, or was
        // counted.
        return !hasSender(false)
                && (channel.lanes.size() == 1 || (!hasSender(false) && channel.sendersSoFar() == senders));
    }

    private boolean hasSender(boolean probe) {
        for (EndSlot slot : senderSlots) {
            if (slot.hasOwner() && (!probe || slot.isTaken())) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void sleepUnless(Spin.Condition ready, long nanos) {
        channel.receiverWait.sleepUnless(ready, nanos);
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
}
