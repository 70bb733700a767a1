package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.ipc.internal.UnbatchedBatch;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Writes messages into a FIFO, one frame per write.
 *
 * <p>It is connected while it has the FIFO open for writing, which the kernel grants only while a reader has it open. A write
 * that finds the reader gone (EPIPE; the JVM ignores SIGPIPE) closes the FIFO, and the next attempt opens it again by name,
 * because a new receiver may have created a new one. A message that is abandoned midway needs no end marker: the receiver
 * discards it when the next one begins.
 */
final class FifoSender implements MessageSender, UnbatchedBatch.Target, HandleGuard.Handle {
    private static final Deadline AT_ONCE = Deadline.after(Duration.ZERO);
    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private final Endpoint endpoint;
    private final Path path;
    private final int maxMessageBytes;
    private final HandleGuard guard;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer frame =
            ByteBuffer.allocateDirect(FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());
    private final long frameAddress = Files.addressOf(frame);

    private volatile @Nullable Fifo fifo;
    private long id;
    private int sequence;
    private volatile long messages;
    private boolean batchOpen;

    FifoSender(Endpoint endpoint, Path path, int maxMessageBytes) {
        this.endpoint = endpoint;
        this.path = path;
        this.maxMessageBytes = maxMessageBytes;
        this.guard = new HandleGuard("sender of " + endpoint, this);
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
            return enterAndSend(message, AT_ONCE);
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
        } finally {
            guard.leave();
        }
    }

    private SendStatus connectAndWrite(ByteBuffer message, Deadline deadline) throws InterruptedException {
        if (!isConnected() && !connect(deadline)) {
            return SendStatus.NOT_CONNECTED;
        }
        SendStatus status = write(message, deadline);
        if (status == null && tryConnect()) {
            status = write(message, deadline);
        }
        return status == null ? SendStatus.NOT_CONNECTED : status;
    }

    /**
     * Writes all frames of a message.
     *
     * @return null if the receiver was gone before the first byte was written or waited for: there may be another one
     */
    private @Nullable SendStatus write(ByteBuffer message, Deadline deadline) throws InterruptedException {
        int fd = Objects.requireNonNull(fifo).fd();
        int length = message.remaining();
        int fragmentOffset = 0;
        boolean begun = false;
        sequence++;
        do {
            int payload = Math.min(length - fragmentOffset, FrameLayout.MAX_PAYLOAD_BYTES);
            int frameBytes = FrameLayout.HEADER_BYTES + payload;
            frame.put(FrameLayout.HEADER_BYTES, message, message.position() + fragmentOffset, payload);
            FrameLayout.writeHeader(frame, crc, id, sequence, length, fragmentOffset, payload);
            int written = Files.write(fd, frameAddress, frameBytes);
            while (Errno.EAGAIN.is(-written)) {
                if (deadline.isOver()) {
                    return SendStatus.FULL;
                }
                begun = true;
                PipeWait.await(fd, Poll.OUT, deadline, guard);
                written = Files.write(fd, frameAddress, frameBytes);
            }
            if (Errno.EPIPE.is(-written)) {
                disconnect();
                return begun ? SendStatus.NOT_CONNECTED : null;
            }
            if (written != frameBytes) {
                throw new ChannelException("cannot write to " + path + ": "
                        + (written < 0 ? Errno.describe(-written) : written + " of " + frameBytes + " bytes written"));
            }
            CrashPoint.reach("fifo.frame.written");
            begun = true;
            fragmentOffset += payload;
        } while (fragmentOffset < length);
        return SendStatus.SENT;
    }

    private boolean isConnected() {
        return fifo != null;
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
        lockId(found);
        fifo = found;
        return true;
    }

    /** Takes a new id for each connection, so that the partial message of an earlier one belongs to another sender. */
    private void lockId(Fifo found) {
        try {
            do {
                id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
            } while (!OfdLocks.tryLock(found.fd(), id, 1));
        } catch (RuntimeException e) {
            found.close();
            throw e;
        }
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
