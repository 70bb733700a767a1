package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.sync.internal.region.park.Deadline;

/** The sending end of a channel in shared memory. */
final class MappedSender implements MessageSender, HandleGuard.Handle {
    private final MappedChannel channel;
    private final ChannelLane lane;
    private final ByteBuffer memory;
    private final WaitWord receiverWait;
    private final LaneWriter writer;
    private final HandleGuard guard;
    private final int maxMessageBytes;
    private final SendBackPressure backPressure;

    /** The open claim or batch, which must be closed before anything else is sent. */
    private @Nullable AutoCloseable open;

    static MappedSender open(MappedChannel channel) {
        try {
            return new MappedSender(channel, channel.takeLane());
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedSender(MappedChannel channel, ChannelLane lane) {
        this.channel = channel;
        this.lane = lane;
        this.memory = channel.memory;
        this.receiverWait = channel.receiverWait;
        this.guard = new HandleGuard("sender of " + channel.endpoint, this);
        this.writer = lane.newWriter();
        this.maxMessageBytes = LaneLayout.maxMessageBytes(channel.capacity);
        this.backPressure = new SendBackPressure(channel, lane, writer, guard);
    }

    // ---- single messages

    @Override
    public SendStatus offer(ByteBuffer message) {
        int length = checkLength(Objects.requireNonNull(message, "message").remaining());
        enter(null);
        try {
            return put(message, length) ? SendStatus.SENT : backPressure.fullReason();
        } finally {
            guard.leave();
        }
    }

    @Override
    public SendStatus offer(byte[] message) {
        int length = checkLength(Objects.requireNonNull(message, "message").length);
        enter(null);
        try {
            long start = reserve(length);
            if (start == LaneWriter.FULL) {
                return backPressure.fullReason();
            }
            memory.put(writer.payloadAt(start), message, 0, length);
            commit(start, length);
            return SendStatus.SENT;
        } finally {
            guard.leave();
        }
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        SendFailure.throwUnlessSent(send(message, Deadline.NEVER), channel.endpoint);
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (offer(message) != SendStatus.SENT) {
            send(ByteBuffer.wrap(message));
        }
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        return send(message, Deadline.after(Objects.requireNonNull(timeout, "timeout")));
    }

    private SendStatus send(ByteBuffer message, Deadline deadline) throws InterruptedException {
        int length = checkLength(Objects.requireNonNull(message, "message").remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            while (!put(message, length)) {
                SendStatus status = backPressure.await(length, deadline);
                if (status != SendStatus.SENT) {
                    return status;
                }
            }
            return SendStatus.SENT;
        } finally {
            guard.leave();
        }
    }

    private boolean put(ByteBuffer message, int length) {
        long start = reserve(length);
        if (start == LaneWriter.FULL) {
            return false;
        }
        memory.put(writer.payloadAt(start), message, message.position(), length);
        commit(start, length);
        return true;
    }

    /** Finds room for a message as {@link LaneWriter#reserve}; a deleted channel has none, since no receiver can follow. */
    private long reserve(int length) {
        return channel.isDeleted() ? LaneWriter.FULL : writer.reserve(length);
    }

    private void commit(long start, int length) {
        writer.commit(start, length);
        receiverWait.wakeIfWaiting();
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
            long start = reserve(length);
            while (start == LaneWriter.FULL) {
                SendFailure.throwUnlessSent(backPressure.await(length, Deadline.NEVER), channel.endpoint);
                start = reserve(length);
            }
            return newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    @Override
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        enter(null);
        try {
            long start = reserve(length);
            return start == LaneWriter.FULL ? null : newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    private Claim newClaim(long start, int length) {
        LaneClaim claim = new LaneClaim(start, memory.slice(writer.payloadAt(start), length));
        open = claim;
        return claim;
    }

    @Override
    public Batch batch() {
        enter(null);
        try {
            LaneBatch batch = new LaneBatch();
            open = batch;
            return batch;
        } finally {
            guard.leave();
        }
    }

    @Override
    public void flush() {
        guard.enter();
        try {
            publishBatch();
        } finally {
            guard.leave();
        }
    }

    private void publishBatch() {
        if (writer.commitBatch()) {
            receiverWait.wakeIfWaiting();
        }
    }

    // ---- the handle

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshotOf(lane, writer.messages());
    }

    @Override
    public void close() {
        guard.close();
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
            if (!(open instanceof Claim)) {
                lane.senderSlot.free();
            }
            receiverWait.wake();
        } finally {
            channel.close();
        }
    }

    private void enter(@Nullable AutoCloseable expected) {
        guard.enter();
        if (open != expected) {
            guard.leave();
            throw new IllegalStateException("sender of " + channel.endpoint + " has an open "
                    + (open instanceof Claim ? "claim; commit or close it first" : "batch; close it first"));
        }
    }

    private int checkLength(int length) {
        if (length < 0 || length > maxMessageBytes) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + maxMessageBytes
                    + ", half the capacity of " + channel.endpoint + " less 8; increase its capacity)");
        }
        return length;
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
                if (channel.isDeleted()) {
                    SendFailure.throwUnlessSent(SendStatus.CLOSED, channel.endpoint);
                }
                MappedSender.this.commit(start, buffer.capacity());
            } finally {
                guard.leave();
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
                        "a claim of " + channel.endpoint + " is closed: it was committed or closed before");
            }
        }
    }

    /** Records behind a header that is held back. */
    private final class LaneBatch implements Batch {
        @Override
        public SendStatus offer(ByteBuffer message) {
            int length = checkLength(Objects.requireNonNull(message, "message").remaining());
            enter();
            try {
                return append(message, length) || appendAfterCommit(message, length)
                        ? SendStatus.SENT
                        : backPressure.fullReason();
            } finally {
                guard.leave();
            }
        }

        private boolean appendAfterCommit(ByteBuffer message, int length) {
            publishBatch();
            return append(message, length);
        }

        @Override
        public void send(ByteBuffer message) throws InterruptedException {
            int length = checkLength(Objects.requireNonNull(message, "message").remaining());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            enter();
            try {
                while (!append(message, length)) {
                    publishBatch();
                    SendFailure.throwUnlessSent(backPressure.await(length, Deadline.NEVER), channel.endpoint);
                }
            } finally {
                guard.leave();
            }
        }

        private boolean append(ByteBuffer message, int length) {
            long start = writer.reserve(length);
            if (start == LaneWriter.FULL || !writer.hasBatch() && channel.isDeleted()) {
                return false;
            }
            memory.put(writer.payloadAt(start), message, message.position(), length);
            writer.append(start, length);
            return true;
        }

        @Override
        public void commit() {
            enter();
            try {
                publishBatch();
            } finally {
                guard.leave();
            }
        }

        @Override
        public void close() {
            if (open != this || guard.isClosed()) {
                return; // a sender that is closed publishes its batch
            }
            enter();
            try {
                open = null;
                publishBatch();
            } finally {
                guard.leave();
            }
        }

        private void enter() {
            guard.enter();
            if (open != this) {
                guard.leave();
                throw new IllegalStateException("the batch is closed");
            }
        }
    }
}
