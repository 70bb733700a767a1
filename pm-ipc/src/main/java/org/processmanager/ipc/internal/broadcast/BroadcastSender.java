package org.processmanager.ipc.internal.broadcast;

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

/** The sending end of a broadcast. */
final class BroadcastSender implements MessageSender, HandleGuard.Handle {
    private final BroadcastChannel channel;
    private final ByteBuffer memory;
    private final BroadcastWriter writer;
    private final HandleGuard guard;
    private final int maxMessageBytes;
    private final Room room;

    /** The open claim or batch, which must be closed before anything else is sent. */
    private @Nullable AutoCloseable open;

    static BroadcastSender open(BroadcastChannel channel) {
        try {
            channel.sender.take(channel.endpoint);
            return new BroadcastSender(channel);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private BroadcastSender(BroadcastChannel channel) {
        this.channel = channel;
        this.memory = channel.lane.memory;
        this.guard = new HandleGuard("sender of " + channel.endpoint, this);
        this.writer = new BroadcastWriter(channel.lane, channel.receivers);
        this.maxMessageBytes = RecordLayout.maxMessageBytes(channel.lane.capacity);
        this.room = new Room(channel, writer, guard);
    }

    // ---- single messages

    @Override
    public SendStatus offer(ByteBuffer message) {
        checkLength(Objects.requireNonNull(message, "message").remaining());
        enter(null);
        try {
            return put(message) ? SendStatus.SENT : room.fullReason();
        } finally {
            guard.leave();
        }
    }

    @Override
    public SendStatus offer(byte[] message) {
        int length = Objects.requireNonNull(message, "message").length;
        checkLength(length);
        enter(null);
        try {
            long start = room.reserve(length);
            if (start == BroadcastWriter.FULL) {
                return room.fullReason();
            }
            memory.put(writer.open(start, length), message);
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
            return SendStatus.SENT;
        } finally {
            guard.leave();
        }
    }

    private boolean put(ByteBuffer message) {
        int length = message.remaining();
        long start = room.reserve(length);
        if (start == BroadcastWriter.FULL) {
            return false;
        }
        memory.put(writer.open(start, length), message, message.position(), length);
        commit(start, length);
        return true;
    }

    private void commit(long start, int length) {
        if (writer.commit(start, length)) {
            channel.receiversWait.wakeIfWaiting();
        }
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
            long start = room.reserve(length);
            while (start == BroadcastWriter.FULL) {
                SendFailure.throwUnlessSent(room.await(length, Deadline.NEVER), channel.endpoint);
                start = room.reserve(length);
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
            long start = room.reserve(length);
            return start == BroadcastWriter.FULL ? null : newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    private Claim newClaim(long start, int length) {
        BroadcastClaim claim = new BroadcastClaim(start, memory.slice(writer.open(start, length), length));
        open = claim;
        return claim;
    }

    @Override
    public Batch batch() {
        enter(null);
        try {
            BroadcastBatch batch = new BroadcastBatch();
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
            publish();
        } finally {
            guard.leave();
        }
    }

    private void publish() {
        if (writer.publish()) {
            channel.receiversWait.wakeIfWaiting();
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
        return channel.snapshot(Role.SENDER, writer.messages(), 0, 0);
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
            writer.publish();
            if (!(open instanceof Claim)) {
                channel.sender.free();
            }
            channel.receiversWait.wake();
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
                    + ", a quarter of the capacity of " + channel.endpoint + " less " + RecordLayout.HEADER_BYTES
                    + "; increase its capacity)");
        }
    }

    /** Room in the lane, not yet committed. */
    private final class BroadcastClaim implements Claim {
        private final long start;
        private final ByteBuffer buffer;

        BroadcastClaim(long start, ByteBuffer buffer) {
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
                BroadcastSender.this.commit(start, buffer.capacity());
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

    /** Records behind a tail that is held back. */
    private final class BroadcastBatch implements Batch {
        @Override
        public SendStatus offer(ByteBuffer message) {
            checkLength(Objects.requireNonNull(message, "message").remaining());
            enter();
            try {
                if (put(message)) {
                    return SendStatus.SENT;
                }
                publish();
                return put(message) ? SendStatus.SENT : room.fullReason();
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
                    publish();
                    SendFailure.throwUnlessSent(room.await(message.remaining(), Deadline.NEVER), channel.endpoint);
                }
            } finally {
                guard.leave();
            }
        }

        @Override
        public void commit() {
            enter();
            try {
                publish();
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
                publish();
            } finally {
                guard.leave();
            }
        }

        private void enter() {
            if (open != this) {
                throw new IllegalStateException("the batch is closed");
            }
            BroadcastSender.this.enter(this);
        }
    }
}
