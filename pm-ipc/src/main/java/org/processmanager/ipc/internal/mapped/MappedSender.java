package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelStatus;
import org.processmanager.ipc.ChannelStatus.Role;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.NotConnectedException;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.sync.internal.region.park.Deadline;

/** The sending end of a channel in shared memory. */
final class MappedSender implements MessageSender {
    private final MappedChannel channel;
    private final LaneWriter writer;
    private final HandleGuard gate;
    private final int maxMessageBytes;
    private final SendBackPressure room;

    /** What is open and must be closed before anything else is sent. */
    private @Nullable AutoCloseable open;

    static MappedSender open(MappedChannel channel) {
        try {
            channel.take(channel.senderSeat, Role.SENDER);
            return new MappedSender(channel);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedSender(MappedChannel channel) {
        this.channel = channel;
        this.gate = new HandleGuard("sender of " + channel.endpoint, this::release);
        this.writer = new LaneWriter(channel.memory, channel.offset, channel.capacity, channel.endpoint);
        this.maxMessageBytes = LaneLayout.maxMessageBytes(channel.capacity);
        this.room = new SendBackPressure(channel, writer, gate);
    }

    // ---- single messages

    @Override
    public SendStatus offer(ByteBuffer message) {
        checkLength(Objects.requireNonNull(message, "message").remaining());
        enter(null);
        try {
            if (put(message)) {
                channel.receiverWait.wakeIfWaiting();
                return SendStatus.SENT;
            }
            return room.whyNone();
        } finally {
            gate.leave();
        }
    }

    @Override
    public SendStatus offer(byte[] message) {
        checkLength(Objects.requireNonNull(message, "message").length);
        enter(null);
        try {
            long start = writer.reserve(message.length);
            if (start == LaneWriter.FULL) {
                return room.whyNone();
            }
            channel.memory.put(writer.payloadAt(start), message);
            commit(start, message.length);
            return SendStatus.SENT;
        } finally {
            gate.leave();
        }
    }

    @Override
    public SendStatus send(ByteBuffer message) throws InterruptedException {
        return send(message, Deadline.NEVER);
    }

    @Override
    public SendStatus send(byte[] message) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return offer(message) == SendStatus.SENT ? SendStatus.SENT : send(ByteBuffer.wrap(message));
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        return send(message, Deadline.after(Objects.requireNonNull(timeout, "timeout")));
    }

    private SendStatus send(ByteBuffer message, Deadline deadline) throws InterruptedException {
        checkLength(Objects.requireNonNull(message, "message").remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            while (!put(message)) {
                SendStatus status = room.await(message.remaining(), deadline);
                if (status != SendStatus.SENT) {
                    return status;
                }
            }
            channel.receiverWait.wakeIfWaiting();
            return SendStatus.SENT;
        } finally {
            gate.leave();
        }
    }

    private boolean put(ByteBuffer message) {
        int length = message.remaining();
        long start = writer.reserve(length);
        if (start == LaneWriter.FULL) {
            return false;
        }
        channel.memory.put(writer.payloadAt(start), message, message.position(), length);
        writer.commit(start, length);
        return true;
    }

    private void commit(long start, int length) {
        writer.commit(start, length);
        channel.receiverWait.wakeIfWaiting();
    }

    // ---- claims and batches

    @Override
    public Claim claim(int length) throws InterruptedException {
        checkLength(length);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            long start = writer.reserve(length);
            while (start == LaneWriter.FULL) {
                SendStatus status = room.await(length, Deadline.NEVER);
                if (status != SendStatus.SENT) {
                    throw new NotConnectedException("claim of " + length + " bytes of " + channel.endpoint + ": "
                            + status + "; its receiver has gone, and there was no room");
                }
                start = writer.reserve(length);
            }
            return newClaim(start, length);
        } finally {
            gate.leave();
        }
    }

    @Override
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        enter(null);
        try {
            long start = writer.reserve(length);
            return start == LaneWriter.FULL ? null : newClaim(start, length);
        } finally {
            gate.leave();
        }
    }

    private Claim newClaim(long start, int length) {
        LaneClaim claim = new LaneClaim(start, channel.memory.slice(writer.payloadAt(start), length));
        open = claim;
        return claim;
    }

    @Override
    public Batch batch() {
        enter(null);
        try {
            LaneBatch batch = new LaneBatch();
            writer.beginBatch();
            open = batch;
            return batch;
        } finally {
            gate.leave();
        }
    }

    @Override
    public void flush() {
        gate.enter();
        try {
            publishBatch();
        } finally {
            gate.leave();
        }
    }

    private void publishBatch() {
        if (writer.commitBatch()) {
            channel.receiverWait.wakeIfWaiting();
        }
    }

    // ---- the handle

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public ChannelStatus status() {
        gate.checkOpen();
        return channel.status(Role.SENDER, writer.messages());
    }

    @Override
    public void close() {
        gate.close(channel.senderWait::wake);
    }

    /** With a claim open its thread may be writing in the lane: then the seat falls only when the memory is detached. */
    private void release() {
        writer.commitBatch();
        if (!(open instanceof Claim)) {
            channel.senderSeat.leave();
        }
        channel.receiverWait.wake();
        channel.close();
    }

    private void enter(@Nullable AutoCloseable expected) {
        gate.enter();
        if (open != expected) {
            gate.leave();
            throw new IllegalStateException("sender of " + channel.endpoint + " has an open "
                    + (open instanceof Claim ? "claim; commit or close it first" : "batch; close it first"));
        }
    }

    private void checkLength(int length) {
        if (length < 0 || length > maxMessageBytes) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + maxMessageBytes
                    + ", half the capacity of " + channel.endpoint + " less 8; give it a larger capacity)");
        }
    }

    /** Room in the lane, not yet committed. */
    private final class LaneClaim implements Claim {
        private final long start;
        private final ByteBuffer buffer;

        LaneClaim(long start, ByteBuffer buffer) {
            this.start = start;
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer buffer() {
            checkOpen();
            return buffer;
        }

        @Override
        public void commit() {
            checkOpen();
            enter(this);
            try {
                open = null;
                MappedSender.this.commit(start, buffer.capacity());
            } finally {
                gate.leave();
            }
        }

        @Override
        public void close() {
            if (open == this) {
                open = null;
            }
        }

        private void checkOpen() {
            if (open != this) {
                throw new IllegalStateException(
                        "a claim of " + channel.endpoint + " was committed or closed before, and can be used no more");
            }
        }
    }

    /** Records behind one whose header is held back. */
    private final class LaneBatch implements Batch {
        @Override
        public SendStatus offer(ByteBuffer message) {
            checkLength(Objects.requireNonNull(message, "message").remaining());
            enter();
            try {
                if (put(message)) {
                    return SendStatus.SENT;
                }
                publishBatch();
                return put(message) ? SendStatus.SENT : room.whyNone();
            } finally {
                gate.leave();
            }
        }

        @Override
        public SendStatus send(ByteBuffer message) throws InterruptedException {
            checkLength(Objects.requireNonNull(message, "message").remaining());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            enter();
            try {
                while (!put(message)) {
                    publishBatch();
                    SendStatus status = room.await(message.remaining(), Deadline.NEVER);
                    if (status != SendStatus.SENT) {
                        return status;
                    }
                }
                return SendStatus.SENT;
            } finally {
                gate.leave();
            }
        }

        @Override
        public void commit() {
            enter();
            try {
                publishBatch();
            } finally {
                gate.leave();
            }
        }

        @Override
        public void close() {
            if (open != this || gate.isClosed()) {
                return; // a sender that is closed publishes its batch
            }
            enter();
            try {
                open = null;
                writer.endBatch();
                publishBatch();
            } finally {
                gate.leave();
            }
        }

        private void enter() {
            if (open != this) {
                throw new IllegalStateException("the batch is closed");
            }
            MappedSender.this.enter(this);
        }
    }
}
