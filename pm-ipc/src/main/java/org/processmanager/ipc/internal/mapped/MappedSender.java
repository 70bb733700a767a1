package org.processmanager.ipc.internal.mapped;

import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.RecordSender;
import org.processmanager.sync.internal.region.park.Deadline;

/** The sending end of a channel in shared memory. */
final class MappedSender extends RecordSender {
    private final MappedChannel channel;
    private final ChannelLane lane;
    private final WaitWord receiverWait;
    private final LaneWriter writer;
    private final SendBackPressure backPressure;

    static MappedSender open(MappedChannel channel) {
        try {
            return new MappedSender(channel, channel.takeLane());
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedSender(MappedChannel channel, ChannelLane lane) {
        super(
                channel.endpoint,
                channel.region,
                LaneLayout.maxMessageBytes(channel.capacity),
                "half the capacity less " + LaneLayout.HEADER_BYTES);
        this.channel = channel;
        this.lane = lane;
        this.receiverWait = channel.receiverWait;
        this.writer = lane.newWriter();
        this.backPressure = new SendBackPressure(channel, lane, writer, guard);
    }

    @Override
    protected long reserve(int length) {
        return isDeleted() ? FULL : writer.reserve(length);
    }

    /** Looks for a deleted channel at the first record alone. */
    @Override
    protected long reserveInBatch(int length) {
        return writer.hasBatch() ? writer.reserve(length) : reserve(length);
    }

    @Override
    protected int payloadAt(long start, int length) {
        return writer.payloadAt(start);
    }

    @Override
    protected void commit(long start, int length) {
        writer.commit(start, length);
        receiverWait.wakeIfWaiting();
    }

    @Override
    protected void append(long start, int length) {
        writer.append(start, length);
    }

    @Override
    protected void publishBatch() {
        if (writer.commitBatch()) {
            receiverWait.wakeIfWaiting();
        }
    }

    @Override
    protected SendStatus fullReason() {
        return backPressure.fullReason();
    }

    @Override
    protected SendStatus awaitRoom(int length, Deadline deadline) throws InterruptedException {
        return backPressure.await(length, deadline);
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshotOf(lane, writer.messages());
    }

    @Override
    public void wake() {
        lane.senderWait.wake();
    }

    /** With an open claim its thread may be writing in the lane: the slot becomes free only when the memory is detached. */
    @Override
    public void release() {
        try {
            writer.commitBatch();
            if (!hasOpenClaim()) {
                lane.senderSlot.free();
            }
            receiverWait.wake();
        } finally {
            channel.close();
        }
    }
}
