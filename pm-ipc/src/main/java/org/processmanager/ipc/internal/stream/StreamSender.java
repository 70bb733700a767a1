package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.NotConnectedException;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Sends messages into a stream of bytes. A write that finds the receiver gone closes the connection, and the next attempt makes
 * another one, because there may be a new receiver. The same happens if the channel's name leads elsewhere, which is checked
 * with some of the sends.
 */
public abstract class StreamSender implements MessageSender, HandleGuard.Handle {
    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private static final String DISCARDED = "were discarded";

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
        SendFailure.throwUnlessSent(transmit(message, Deadline.NEVER), endpoint);
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

    /** Sends a message, or adds it to the open batch, if that is possible without waiting. */
    final SendStatus tryTransmit(ByteBuffer message) {
        try {
            return enterAndSend(message, Deadline.AT_ONCE);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted without waiting", e);
        }
    }

    /** Sends a message, or adds it to the open batch. */
    final SendStatus transmit(ByteBuffer message, Deadline deadline) throws InterruptedException {
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
            SendStatus status = connectAndWrite(message, deadline, deadline);
            if (status == SendStatus.SENT) {
                messages++;
            }
            return status;
        } catch (PosixException e) {
            throw cannotSend(e);
        } finally {
            guard.leave();
        }
    }

    private ChannelException cannotSend(PosixException e) {
        disconnect();
        return SystemFailure.of("cannot send to " + endpoint, e);
    }

    /**
     * Writes a message, or adds it to the open batch.
     *
     * @param message null to write the batch
     * @param toConnect the deadline for waiting for a receiver
     */
    private SendStatus connectAndWrite(@Nullable ByteBuffer message, Deadline toConnect, Deadline deadline)
            throws InterruptedException {
        boolean connected = isConnected();
        if (connected && nameChecks.isDue() && isNameGone()) {
            disconnect();
            connected = tryConnect();
            if (!connected) {
                return SendStatus.NOT_CONNECTED;
            }
        }
        if (!connected && !connect(toConnect)) {
            return SendStatus.NOT_CONNECTED;
        }
        SendStatus status = write(message, deadline);
        if (status == null && tryConnect()) {
            status = write(message, deadline);
        }
        return status == null ? SendStatus.NOT_CONNECTED : status;
    }

    /** Null as {@link FrameWriter#write}. Disconnects if the receiver is gone. */
    private @Nullable SendStatus write(@Nullable ByteBuffer message, Deadline deadline) throws InterruptedException {
        SendStatus status;
        if (message == null) {
            status = writer().publish(deadline);
        } else {
            status = batchOpen ? writer().add(message, deadline) : writer().write(message, deadline);
        }
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
        return new StreamBatch(this);
    }

    /**
     * Writes what the batch holds back.
     *
     * @throws NotConnectedException if there is no receiver; the batch keeps its messages
     */
    final void publish() {
        publish("are kept for another commit");
    }

    private void publish(String otherwise) {
        guard.enter();
        try {
            Uninterruptibles.run(() -> checkPublished(publish(Deadline.NEVER), otherwise));
        } catch (PosixException e) {
            throw cannotSend(e);
        } finally {
            guard.leave();
        }
    }

    private SendStatus publish(Deadline deadline) throws InterruptedException {
        return writer().addedMessages() == 0 ? SendStatus.SENT : connectAndWrite(null, Deadline.AT_ONCE, deadline);
    }

    private void checkPublished(SendStatus status, String otherwise) {
        if (status != SendStatus.SENT) {
            throw new NotConnectedException("cannot send a batch to " + endpoint + ": "
                    + (status == SendStatus.FULL ? "there is no room" : "there is no receiver") + "; "
                    + writer().addedMessages() + " of its messages " + otherwise);
        }
    }

    /** Ends the batch, whose messages are written or, if that fails, discarded. */
    final void endBatch() {
        batchOpen = false;
        if (guard.isClosed()) {
            return; // this end has written it
        }
        try {
            publish(DISCARDED);
        } finally {
            discardBatch();
        }
    }

    private void discardBatch() {
        messages -= writer().addedMessages();
        writer().discardAdded();
    }

    private void checkNoBatch() {
        if (batchOpen) {
            throw new IllegalStateException("sender of " + endpoint + " has an open batch; close it first");
        }
    }

    @Override
    public final void flush() {
        publish();
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
        try {
            checkPublished(publish(Deadline.AT_ONCE), DISCARDED);
        } catch (PosixException e) {
            throw cannotSend(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted without waiting", e);
        } finally {
            discardBatch();
            disconnect();
        }
    }
}
