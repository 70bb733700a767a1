package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.LengthLimits;
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
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private MappedSender(MappedChannel channel, ChannelLane lane) {
        super(channel.endpoint, channel.region, ChannelLayout.claim(lane.block), limits(channel));
        this.channel = channel;
        this.lane = lane;
        this.receiverWait = channel.receiverWait;
        this.writer = lane.newWriter();
        this.backPressure = new SendBackPressure(channel, lane, writer, guard);
    }

    private static LengthLimits limits(MappedChannel channel) {
        int longest = channel.longestMessage;
        return new LengthLimits(
                channel.endpoint,
                longest,
                Math.min(longest, LaneLayout.maxWholeBytes(channel.capacity)),
                Math.min(longest, LaneLayout.maxMessageBytes(channel.capacity)),
                "option max");
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
    protected void append(long start, ByteBuffer message, int length) {
        writer.append(start, message, length);
    }

    @Override
    protected void publishBatch() {
        if (writer.commitBatch()) {
            receiverWait.wakeIfWaiting();
        }
    }

    @Override
    protected boolean appendWhole(ByteBuffer message, int length) {
        if (isDeleted() || !writer.hasRoomForFragments(length)) {
            return false;
        }
        writer.appendFragments(message, 0, length);
        return true;
    }

    @Override
    protected SendStatus stream(ByteBuffer message, Deadline deadline) throws InterruptedException {
        return new LaneStream(channel, writer, this).send(message, deadline);
    }

    /** Waits for room for a part of a message; returns SENT if there is room now, else the status to report. */
    SendStatus awaitPart(int bytes, Deadline deadline) throws InterruptedException {
        if (isDeleted()) {
            return SendStatus.CLOSED;
        }
        return writer.hasRoomForFragments(bytes)
                ? SendStatus.SENT
                : awaitRoom(LaneLayout.fragmentsBytes(bytes), deadline);
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
