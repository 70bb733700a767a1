package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.channel.LengthLimits;
import org.processmanager.ipc.internal.channel.RecordSender;
import org.processmanager.sync.internal.region.park.Deadline;

/** The sending end of a broadcast. */
final class BroadcastSender extends RecordSender {
    private final BroadcastChannel channel;
    private final BroadcastWriter writer;
    private final Room room;

    static BroadcastSender open(BroadcastChannel channel) {
        try {
            channel.takeSender();
            return new BroadcastSender(channel);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private BroadcastSender(BroadcastChannel channel) {
        super(
                channel.endpoint,
                channel.region,
                BroadcastLayout.claim(channel.lane.channel),
                limits(channel.endpoint, RecordLayout.maxMessageBytes(channel.lane.capacity)));
        this.channel = channel;
        this.writer = new BroadcastWriter(channel.lane, channel.receivers);
        this.room = new Room(channel, writer, guard);
    }

    private static LengthLimits limits(Endpoint endpoint, int longest) {
        String reason = "a quarter of the capacity less " + RecordLayout.HEADER_BYTES + "; increase the capacity";
        return new LengthLimits(endpoint, longest, longest, longest, reason);
    }

    @Override
    protected long reserve(int length) {
        return room.reserve(length);
    }

    @Override
    protected long reserveInBatch(int length) {
        return room.reserve(length);
    }

    @Override
    protected int payloadAt(long start, int length) {
        return writer.open(start, length);
    }

    @Override
    protected void commit(long start, int length) {
        writer.commit(start, length);
        channel.receiversWait.wakeIfWaiting();
    }

    @Override
    protected void append(long start, ByteBuffer message, int length) {
        putPayload(start, message, length);
        if (writer.append(start, length)) {
            channel.receiversWait.wakeIfWaiting();
        }
    }

    @Override
    protected void publishBatch() {
        if (writer.publish()) {
            channel.receiversWait.wakeIfWaiting();
        }
    }

    @Override
    protected SendStatus fullReason() {
        return room.fullReason();
    }

    @Override
    protected SendStatus awaitRoom(int length, Deadline deadline) throws InterruptedException {
        return room.await(length, deadline);
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(Role.SENDER, writer.messages(), 0, 0);
    }

    @Override
    public void wake() {
        channel.senderWait.wake();
    }

    /** With an open claim its thread may be writing in the lane: the slot becomes free only when the memory is detached. */
    @Override
    public void release() {
        try {
            writer.publish();
            if (!hasOpenClaim()) {
                channel.sender.free();
            }
            channel.receiversWait.wake();
        } finally {
            channel.close();
        }
    }
}
