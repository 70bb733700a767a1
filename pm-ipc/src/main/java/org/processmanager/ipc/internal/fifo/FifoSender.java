package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.nio.file.Path;
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
 * Sends messages to a FIFO.
 *
 * <p>It is connected while it has the FIFO open for writing, which the kernel grants only while a reader has it open. A write
 * that finds the reader gone (EPIPE; the JVM ignores SIGPIPE) closes the FIFO, and the next attempt opens it again by name,
 * because a new receiver may have created a new one. The same happens if the FIFO was removed or replaced, which is checked
 * with some of the sends.
 */
final class FifoSender implements MessageSender, UnbatchedBatch.Target, HandleGuard.Handle {
    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private final Endpoint endpoint;
    private final Path path;
    private final int maxMessageBytes;
    private final HandleGuard guard;
    private final FrameWriter writer;
    private final ProbeInterval nameChecks = new ProbeInterval();

    private volatile @Nullable Fifo fifo;
    private volatile long messages;
    private boolean batchOpen;

    FifoSender(Endpoint endpoint, Path path, int maxMessageBytes) {
        this.endpoint = endpoint;
        this.path = path;
        this.maxMessageBytes = maxMessageBytes;
        this.guard = new HandleGuard("sender of " + endpoint, this);
        this.writer = new FrameWriter(endpoint, guard);
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        checkNoBatch();
        transmit(message);
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        checkNoBatch();
        return transmit(message, Deadline.after(Objects.requireNonNull(timeout, "timeout")));
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        checkNoBatch();
        return tryTransmit(message);
    }

    @Override
    public void transmit(ByteBuffer message) throws InterruptedException {
        SendFailure.throwUnlessSent(transmit(message, Deadline.NEVER), endpoint);
    }

    @Override
    public SendStatus tryTransmit(ByteBuffer message) {
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
        if (connected && isNameGone()) {
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
        SendStatus status = writer.write(message, deadline);
        if (status == null || status == SendStatus.NOT_CONNECTED) {
            disconnect();
        }
        return status;
    }

    private boolean isConnected() {
        return fifo != null;
    }

    /** Returns whether a receiver that opens the path now would not find the open FIFO. Looks now and then. */
    private boolean isNameGone() {
        return nameChecks.isDue() && !Objects.requireNonNull(fifo).isStillThere();
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

    private boolean tryConnect() {
        Fifo found = Fifo.tryOpenForSending(path);
        if (found == null) {
            return false;
        }
        fifo = found;
        writer.connect(found.fd());
        return true;
    }

    private void disconnect() {
        Fifo open = fifo;
        if (open != null) {
            fifo = null;
            open.close();
        }
    }

    @Override
    public Batch batch() {
        checkNoBatch();
        guard.checkOpen();
        batchOpen = true;
        return new UnbatchedBatch(this);
    }

    @Override
    public void batchClosed() {
        batchOpen = false;
    }

    private void checkNoBatch() {
        if (batchOpen) {
            throw new IllegalStateException("sender of " + endpoint + " has an open batch; close it first");
        }
    }

    @Override
    public void flush() {
        guard.checkOpen();
    }

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return new ChannelSnapshot(endpoint, isConnected(), List.of(), messages, 0, 0);
    }

    @Override
    public void close() {
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
