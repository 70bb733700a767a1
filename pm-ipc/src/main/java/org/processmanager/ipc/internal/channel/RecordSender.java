package org.processmanager.ipc.internal.channel;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * All forms of sending through a lane of records in shared memory. The lane itself, and how its receivers are woken, is the
 * subclass's.
 */
public abstract class RecordSender implements MessageSender, HandleGuard.Handle {
    /** There is no room. */
    public static final long FULL = -1;

    protected final HandleGuard guard;

    private final Endpoint endpoint;
    private final Region region;
    private final ByteBuffer memory;
    private final int maxMessageBytes;
    private final String limit;

    /** The open claim or batch, which must be closed before anything else is sent. */
    private @Nullable AutoCloseable open;

    /**
     * Creates the end.
     *
     * @param limit what limits the length of a message, for messages
     */
    protected RecordSender(Endpoint endpoint, Region region, int maxMessageBytes, String limit) {
        this.endpoint = endpoint;
        this.region = region;
        this.memory = region.memory();
        this.maxMessageBytes = maxMessageBytes;
        this.limit = limit;
        this.guard = new HandleGuard("sender of " + endpoint, this);
    }

    /** Finds room for a message; returns the position of its record or {@link #FULL}. A deleted channel has no room. */
    protected abstract long reserve(int length);

    /** As {@link #reserve}, for the next record of a batch. */
    protected abstract long reserveInBatch(int length);

    /** Begins a record that was reserved; returns the offset in the memory for its payload. */
    protected abstract int payloadAt(long start, int length);

    /** Publishes a record whose payload is written. */
    protected abstract void commit(long start, int length);

    /** Adds a record whose payload is written to the batch. */
    protected abstract void append(long start, int length);

    /** Publishes the records of the batch, if any. */
    protected abstract void publishBatch();

    /** Returns why there is no room. */
    protected abstract SendStatus fullReason();

    /** Waits for room; returns SENT if there is room now, else the status to report. */
    protected abstract SendStatus awaitRoom(int length, Deadline deadline) throws InterruptedException;

    /** Returns whether the channel was deleted. */
    protected final boolean isDeleted() {
        return ChannelRegion.isDeleted(region);
    }

    /** Returns whether a claim is open: its thread may be writing in the lane. */
    protected final boolean hasOpenClaim() {
        return open instanceof Claim;
    }

    // ---- single messages

    @Override
    public final SendStatus offer(ByteBuffer message) {
        int length = checkLength(Objects.requireNonNull(message, "message").remaining());
        enter(null);
        try {
            return put(message, length) ? SendStatus.SENT : fullReason();
        } finally {
            guard.leave();
        }
    }

    @Override
    public final SendStatus offer(byte[] message) {
        int length = checkLength(Objects.requireNonNull(message, "message").length);
        enter(null);
        try {
            long start = reserve(length);
            if (start == FULL) {
                return fullReason();
            }
            memory.put(payloadAt(start, length), message, 0, length);
            commit(start, length);
            return SendStatus.SENT;
        } finally {
            guard.leave();
        }
    }

    @Override
    public final void send(ByteBuffer message) throws InterruptedException {
        SendFailure.throwUnlessSent(send(message, Deadline.NEVER), endpoint);
    }

    @Override
    public final void send(byte[] message) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (offer(message) != SendStatus.SENT) {
            send(ByteBuffer.wrap(message));
        }
    }

    @Override
    public final SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
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
                SendStatus status = awaitRoom(length, deadline);
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
        if (start == FULL) {
            return false;
        }
        memory.put(payloadAt(start, length), message, message.position(), length);
        commit(start, length);
        return true;
    }

    // ---- claims and batches

    @Override
    public final Claim claim(int length) throws InterruptedException {
        checkLength(length);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            long start = reserve(length);
            while (start == FULL) {
                SendFailure.throwUnlessSent(awaitRoom(length, Deadline.NEVER), endpoint);
                start = reserve(length);
            }
            return newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    @Override
    public final @Nullable Claim tryClaim(int length) {
        checkLength(length);
        enter(null);
        try {
            long start = reserve(length);
            return start == FULL ? null : newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    private Claim newClaim(long start, int length) {
        RecordClaim claim = new RecordClaim(start, memory.slice(payloadAt(start, length), length));
        open = claim;
        return claim;
    }

    @Override
    public final Batch batch() {
        enter(null);
        try {
            RecordBatch batch = new RecordBatch();
            open = batch;
            return batch;
        } finally {
            guard.leave();
        }
    }

    @Override
    public final void flush() {
        guard.enter();
        try {
            publishBatch();
        } finally {
            guard.leave();
        }
    }

    // ---- the handle

    @Override
    public final int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public final void close() {
        guard.close();
    }

    private void enter(@Nullable AutoCloseable expected) {
        guard.enter();
        if (open != expected) {
            guard.leave();
            throw new IllegalStateException("sender of " + endpoint + " has an open "
                    + (open instanceof Claim ? "claim; commit or close it first" : "batch; close it first"));
        }
    }

    private int checkLength(int length) {
        if (length < 0 || length > maxMessageBytes) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + maxMessageBytes + ", "
                    + limit + "; increase the capacity of " + endpoint + ")");
        }
        return length;
    }

    /** Room in the lane, not yet committed. */
    private final class RecordClaim implements Claim {
        private final long start;
        private final ByteBuffer buffer;

        RecordClaim(long start, ByteBuffer buffer) {
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
                if (isDeleted()) {
                    SendFailure.throwUnlessSent(SendStatus.CLOSED, endpoint);
                }
                RecordSender.this.commit(start, buffer.capacity());
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
                        "a claim of " + endpoint + " is closed: it was committed or closed before");
            }
        }
    }

    /** Records that are held back. */
    private final class RecordBatch implements Batch {
        @Override
        public SendStatus offer(ByteBuffer message) {
            int length = checkLength(Objects.requireNonNull(message, "message").remaining());
            enter();
            try {
                return add(message, length) || addAfterCommit(message, length) ? SendStatus.SENT : fullReason();
            } finally {
                guard.leave();
            }
        }

        private boolean addAfterCommit(ByteBuffer message, int length) {
            publishBatch();
            return add(message, length);
        }

        @Override
        public void send(ByteBuffer message) throws InterruptedException {
            int length = checkLength(Objects.requireNonNull(message, "message").remaining());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            enter();
            try {
                while (!add(message, length)) {
                    publishBatch();
                    SendFailure.throwUnlessSent(awaitRoom(length, Deadline.NEVER), endpoint);
                }
            } finally {
                guard.leave();
            }
        }

        private boolean add(ByteBuffer message, int length) {
            long start = reserveInBatch(length);
            if (start == FULL) {
                return false;
            }
            memory.put(payloadAt(start, length), message, message.position(), length);
            append(start, length);
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
