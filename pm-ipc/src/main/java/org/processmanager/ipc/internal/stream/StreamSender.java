package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.UnbatchedBatch;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Sends messages into a stream of bytes. A write that finds the receiver gone closes the connection, and the next attempt makes
 * another one, because there may be a new receiver. The same happens if the channel's name leads elsewhere, which is checked
 * with some of the sends.
 */
public abstract class StreamSender implements MessageSender, UnbatchedBatch.Target, HandleGuard.Handle {
    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    protected final Endpoint endpoint;
    protected final HandleGuard guard;

    private final int maxMessageBytes;
    private final ProbeInterval nameChecks = new ProbeInterval();
    private volatile long messages;
    private boolean batchOpen;

    protected StreamSender(Endpoint endpoint, int maxMessageBytes) {
        this.endpoint = endpoint;
        this.maxMessageBytes = maxMessageBytes;
        this.guard = new HandleGuard("sender of " + endpoint, this);
    }

    /** Returns the writer of the connection. */
    protected abstract FrameWriter writer();

    /** Connects to a receiver if there is one; returns whether it did. */
    protected abstract boolean tryConnect();

    /** Closes the connection if there is one. */
    protected abstract void disconnect();

    /** Returns whether there is a connection. Called by any thread. */
    protected abstract boolean isConnected();

    /** Returns whether the receiver of the connection is found gone without sending. Called by any thread. */
    protected boolean isReceiverGone() {
        return false;
    }

    /**
     * Called when the receiver has closed the connection, before {@link #disconnect}.
     *
     * @throws org.processmanager.ipc.ChannelBusyException if the receiver has refused it; the connection is then closed
     */
    protected void checkAdmitted() {}

    /** Returns whether a receiver that opens the channel now would not find this connection. */
    protected abstract boolean isNameGone();

    @Override
    public final void send(ByteBuffer message) throws InterruptedException {
        checkNoBatch();
        transmit(message);
    }

    @Override
    public final SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        checkNoBatch();
        return transmit(message, Deadline.after(Objects.requireNonNull(timeout, "timeout")));
    }

    @Override
    public final SendStatus offer(ByteBuffer message) {
        checkNoBatch();
        return tryTransmit(message);
    }

    @Override
    public final void transmit(ByteBuffer message) throws InterruptedException {
        SendFailure.throwUnlessSent(transmit(message, Deadline.NEVER), endpoint);
    }

    @Override
    public final SendStatus tryTransmit(ByteBuffer message) {
        try {
            return enterAndSend(message, FrameWriter.AT_ONCE);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted without waiting", e);
        }
    }

    private SendStatus transmit(ByteBuffer message, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return enterAndSend(message, deadline);
    }

    private SendStatus enterAndSend(ByteBuffer message, Deadline deadline) throws InterruptedException {
        int length = Objects.requireNonNull(message, "message").remaining();
        if (length > maxMessageBytes) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: at most " + maxMessageBytes
                    + ", the limit of " + endpoint + ")");
        }
        guard.enter();
        try {
            SendStatus status = connectAndWrite(message, deadline);
            if (status == SendStatus.SENT) {
                messages++;
            }
            return status;
        } catch (PosixException e) {
            disconnect();
            throw SystemFailure.of("cannot send to " + endpoint, e);
        } finally {
            guard.leave();
        }
    }

    private SendStatus connectAndWrite(ByteBuffer message, Deadline deadline) throws InterruptedException {
        boolean connected = isConnected();
        if (connected && nameChecks.isDue() && isNameGone()) {
            disconnect();
            connected = tryConnect();
            if (!connected) {
                return SendStatus.NOT_CONNECTED;
            }
        }
        if (!connected && !connect(deadline)) {
            return SendStatus.NOT_CONNECTED;
        }
        SendStatus status = write(message, deadline);
        if (status == null && tryConnect()) {
            status = write(message, deadline);
        }
        return status == null ? SendStatus.NOT_CONNECTED : status;
    }

    /** Writes a message; null as {@link FrameWriter#write}. Disconnects if the receiver is gone. */
    private @Nullable SendStatus write(ByteBuffer message, Deadline deadline) throws InterruptedException {
        SendStatus status = writer().write(message, deadline);
        if (status == null || status == SendStatus.NOT_CONNECTED) {
            checkAdmitted();
            disconnect();
        }
        return status;
    }

    /** Waits for a receiver; returns whether there is one. */
    private boolean connect(Deadline deadline) throws InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (!tryConnect()) {
            if (deadline.isOver()) {
                return false;
            }
            backoff.pause(deadline.leftNanos());
            guard.checkOpen();
        }
        return true;
    }

    @Override
    public final Batch batch() {
        checkNoBatch();
        guard.checkOpen();
        batchOpen = true;
        return new UnbatchedBatch(this);
    }

    @Override
    public final void batchClosed() {
        batchOpen = false;
    }

    private void checkNoBatch() {
        if (batchOpen) {
            throw new IllegalStateException("sender of " + endpoint + " has an open batch; close it first");
        }
    }

    @Override
    public final void flush() {
        guard.checkOpen();
    }

    @Override
    public final int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public final ChannelSnapshot snapshot() {
        guard.checkOpen();
        return new ChannelSnapshot(endpoint, isConnected() && !isReceiverGone(), List.of(), messages, 0, 0);
    }

    @Override
    public final void close() {
        guard.close();
    }

    @Override
    public void wake() {
        // the slices of a wait end soon
    }

    @Override
    public void release() {
        disconnect();
    }
}
