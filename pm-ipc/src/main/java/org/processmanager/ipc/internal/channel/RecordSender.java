package org.processmanager.ipc.internal.channel;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.ChannelEvents;
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

    final Endpoint endpoint;
    private final Region region;
    private final ByteBuffer memory;
    private final LengthLimits limits;
    private final int maxRecordBytes;
    private final int claimWord;

    /** The open claim or batch, which must be closed before anything else is sent. */
    @Nullable
    AutoCloseable open;

    /**
     * Creates the end.
     *
     * @param claimWord offset of the {@link ClaimWord}
     * @param limits if messages can be longer than a record, {@link #appendWhole} and {@link #stream} are implemented
     */
    protected RecordSender(Endpoint endpoint, Region region, int claimWord, LengthLimits limits) {
        this.endpoint = endpoint;
        this.region = region;
        this.memory = region.memory();
        this.claimWord = claimWord;
        this.limits = limits;
        this.maxRecordBytes = limits.record();
        this.guard = new HandleGuard("sender of " + endpoint, this);
        clearClaim();
    }

    /** Finds room for a message; returns the position of its record or {@link #FULL}. A deleted channel has no room. */
    protected abstract long reserve(int length);

    /** As {@link #reserve}, for the next record of a batch. */
    protected abstract long reserveInBatch(int length);

    /** Begins a record that was reserved; returns the offset in the memory for its payload. */
    protected abstract int payloadAt(long start, int length);

    /** Publishes a record whose payload is written. */
    protected abstract void commit(long start, int length);

    /** Adds a record that was reserved, and its payload, to the batch. */
    protected abstract void append(long start, ByteBuffer message, int length);

    /** Publishes the records of the batch, if any. */
    protected abstract void publishBatch();

    /** Returns why there is no room. */
    protected abstract SendStatus fullReason();

    /** Waits for room; returns SENT if there is room now, else the status to report. */
    protected abstract SendStatus awaitRoom(int length, Deadline deadline) throws InterruptedException;

    /** Waits for room, and reports the wait to the flight recorder if that is on. */
    SendStatus awaitRecorded(int length, Deadline deadline) throws InterruptedException {
        if (!JfrState.isStarted()) {
            return awaitRoom(length, deadline);
        }
        Object blocked = ChannelEvents.blocked();
        try {
            return awaitRoom(length, deadline);
        } finally {
            ChannelEvents.unblocked(blocked, endpoint.toString());
        }
    }

    /** Adds a message that is longer than a record to the batch; returns whether there was room. */
    protected boolean appendWhole(ByteBuffer message, int length) {
        throw new UnsupportedOperationException("records only");
    }

    /** Sends a message that is longer than the channel can hold at once, while the receiver takes it. */
    protected SendStatus stream(ByteBuffer message, Deadline deadline) throws InterruptedException {
        throw new UnsupportedOperationException("records only");
    }

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
        int length = Objects.requireNonNull(message, "message").remaining();
        if (length > maxRecordBytes) {
            return offerLong(message, limits.checkWhole(length));
        }
        enter(null);
        try {
            return put(message, length) ? SendStatus.SENT : fullReason();
        } finally {
            guard.leave();
        }
    }

    @Override
    public final SendStatus offer(byte[] message) {
        int length = Objects.requireNonNull(message, "message").length;
        if (length > maxRecordBytes) {
            return offer(ByteBuffer.wrap(message));
        }
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

    private SendStatus offerLong(ByteBuffer message, int length) {
        enter(null);
        try {
            return putLong(message, length) ? SendStatus.SENT : fullReason();
        } finally {
            guard.leave();
        }
    }

    @Override
    public final void send(ByteBuffer message) throws InterruptedException {
        SendFailure.throwUnlessSent(sendWithin(message, null), endpoint);
    }

    @Override
    public final void send(byte[] message) throws InterruptedException {
        if (Objects.requireNonNull(message, "message").length > maxRecordBytes) {
            send(ByteBuffer.wrap(message));
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (offer(message) != SendStatus.SENT) {
            send(ByteBuffer.wrap(message));
        }
    }

    @Override
    public final SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        return sendWithin(message, Objects.requireNonNull(timeout, "timeout"));
    }

    /** Sends a message, without a limit if the timeout is null. Allocates only if it has to wait. */
    private SendStatus sendWithin(ByteBuffer message, @Nullable Duration timeout) throws InterruptedException {
        int length = limits.check(Objects.requireNonNull(message, "message").remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            if (length > limits.whole()) {
                return stream(message, deadline(timeout));
            }
            if (putWhole(message, length)) {
                return SendStatus.SENT;
            }
            Deadline deadline = deadline(timeout);
            SendStatus status;
            do {
                status = awaitRecorded(length, deadline);
            } while (status == SendStatus.SENT && !putWhole(message, length));
            return status;
        } finally {
            guard.leave();
        }
    }

    private static Deadline deadline(@Nullable Duration timeout) {
        return timeout == null ? Deadline.NEVER : Deadline.after(timeout);
    }

    private boolean putWhole(ByteBuffer message, int length) {
        return length > maxRecordBytes ? putLong(message, length) : put(message, length);
    }

    private boolean put(ByteBuffer message, int length) {
        long start = reserve(length);
        if (start == FULL) {
            return false;
        }
        putPayload(start, message, length);
        commit(start, length);
        return true;
    }

    /** Writes the payload of a record that was reserved. */
    protected final void putPayload(long start, ByteBuffer message, int length) {
        memory.put(payloadAt(start, length), message, message.position(), length);
    }

    private boolean putLong(ByteBuffer message, int length) {
        boolean appended = appendWhole(message, length);
        publishBatch();
        return appended;
    }

    // ---- claims and batches

    @Override
    public final Claim claim(int length) throws InterruptedException {
        limits.checkRecord(length);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            long start = reserve(length);
            while (start == FULL) {
                SendFailure.throwUnlessSent(awaitRecorded(length, Deadline.NEVER), endpoint);
                start = reserve(length);
            }
            return newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    @Override
    public final @Nullable Claim tryClaim(int length) {
        limits.checkRecord(length);
        enter(null);
        try {
            long start = reserve(length);
            return start == FULL ? null : newClaim(start, length);
        } finally {
            guard.leave();
        }
    }

    private Claim newClaim(long start, int length) {
        RecordClaim claim = new RecordClaim(this, start, memory.slice(payloadAt(start, length), length));
        open = claim;
        ClaimWord.open(memory, claimWord);
        return claim;
    }

    void clearClaim() {
        ClaimWord.clear(memory, claimWord);
    }

    @Override
    public final Batch batch() {
        enter(null);
        try {
            RecordBatch batch = new RecordBatch(this, limits);
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
        return limits.message();
    }

    @Override
    public final void close() {
        guard.close();
    }

    void enter(@Nullable AutoCloseable expected) {
        guard.enter();
        if (open != expected) {
            guard.leave();
            throw new IllegalStateException("sender of " + endpoint + " has an open "
                    + (open instanceof Claim ? "claim; commit or close it first" : "batch; close it first"));
        }
    }
}
