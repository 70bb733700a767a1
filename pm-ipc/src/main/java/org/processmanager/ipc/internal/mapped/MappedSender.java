package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.sync.internal.region.park.Deadline;

/** The sending end of a channel in shared memory. */
final class MappedSender implements MessageSender, HandleGuard.Handle {
    private final MappedChannel channel;
    private final LaneWriter writer;
    private final HandleGuard guard;
    private final int maxMessageBytes;
    private final SendBackPressure backPressure;

    /** The open claim or batch, which must be closed before anything else is sent. */
    private @Nullable AutoCloseable open;

    static MappedSender open(MappedChannel channel) {
        try {
            channel.take(channel.senderSlot, Role.SENDER);
            return new MappedSender(channel);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedSender(MappedChannel channel) {
        this.channel = channel;
        this.guard = new HandleGuard("sender of " + channel.endpoint, this);
        this.writer = new LaneWriter(channel.memory, channel.offset, channel.capacity, channel.endpoint);
        this.maxMessageBytes = LaneLayout.maxMessageBytes(channel.capacity);
        this.backPressure = new SendBackPressure(channel, writer, guard);
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
            return backPressure.fullReason();
        } finally {
            guard.leave();
        }
    }

    @Override
    public SendStatus offer(byte[] message) {
        checkLength(Objects.requireNonNull(message, "message").length);
        enter(null);
        try {
            long start = backPressure.reserve(message.length);
            if (start == LaneWriter.FULL) {
                return backPressure.fullReason();
            }
            channel.memory.put(writer.payloadAt(start), message);
            commit(start, message.length);
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
        checkLength(Objects.requireNonNull(message, "message").remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            while (!put(message)) {
                SendStatus status = backPressure.await(message.remaining(), deadline);
                if (status != SendStatus.SENT) {
                    return status;
                }
            }
            channel.receiverWait.wakeIfWaiting();
            return SendStatus.SENT;
        } finally {
            guard.leave();
        }
    }

    private boolean put(ByteBuffer message) {
        int length = message.remaining();
        long start = backPressure.reserve(length);
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
            long start = backPressure.reserve(length);
            while (start == LaneWriter.FULL) {
                SendFailure.throwUnlessSent(backPressure.await(length, Deadline.NEVER), channel.endpoint);
                start = backPressure.reserve(length);
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
            long start = backPressure.reserve(length);
            return start == LaneWriter.FULL ? null : newClaim(start, length);
        } finally {
            guard.leave();
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
            channel.receiverWait.wakeIfWaiting();
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
        return channel.snapshot(Role.SENDER, writer.messages());
    }

    @Override
    public void close() {
        guard.close();
    }

    @Override
    public void wake() {
        channel.senderWait.wake();
    }

    /** With an open claim its thread may be writing in the lane: the slot becomes free only when the memory is detached. */
    @Override
    public void release() {
        try {
            writer.commitBatch();
            if (!(open instanceof Claim)) {
                channel.senderSlot.free();
            }
            channel.receiverWait.wake();
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

    private void checkLength(int length) {
        if (length < 0 || length > maxMessageBytes) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + maxMessageBytes
                    + ", half the capacity of " + channel.endpoint + " less 8; increase its capacity)");
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
            checkLength(Objects.requireNonNull(message, "message").remaining());
            enter();
            try {
                if (put(message)) {
                    return SendStatus.SENT;
                }
                publishBatch();
                return put(message) ? SendStatus.SENT : backPressure.fullReason();
            } finally {
                guard.leave();
            }
        }

        @Override
        public void send(ByteBuffer message) throws InterruptedException {
            checkLength(Objects.requireNonNull(message, "message").remaining());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            enter();
            try {
                while (!put(message)) {
                    publishBatch();
                    SendFailure.throwUnlessSent(
                            backPressure.await(message.remaining(), Deadline.NEVER), channel.endpoint);
                }
            } finally {
                guard.leave();
            }
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
                writer.endBatch();
                publishBatch();
            } finally {
                guard.leave();
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
