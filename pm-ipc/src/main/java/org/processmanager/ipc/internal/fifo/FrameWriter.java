package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Writes messages into the pipe of one connection, one frame per write.
 *
 * <p>A send that may give up, with a message of several frames, writes nothing unless the pipe has room for all of it or the
 * receiver was seen reading: otherwise it would leave a beginning that takes the room of other messages. A message that is
 * longer than the pipe cannot have room for all of it; its first frame shows whether the receiver reads. Not thread-safe, as
 * the sender.
 */
final class FrameWriter {
    /** The deadline of an offer, which never waits. */
    static final Deadline AT_ONCE = Deadline.after(Duration.ZERO);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Endpoint endpoint;
    private final HandleGuard guard;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer frame =
            ByteBuffer.allocateDirect(FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());
    private final long frameAddress = Files.addressOf(frame);
    private final SendingTurn turn = new SendingTurn();

    private int fd;
    private long id;
    private int sequence;
    /** Something of the current message was written or waited for. */
    private boolean begun;

    FrameWriter(Endpoint endpoint, HandleGuard guard) {
        this.endpoint = endpoint;
        this.guard = guard;
    }

    /** Starts a connection, with an id of its own: the partial message of an earlier one belongs to another sender. */
    void connect(int pipe) {
        fd = pipe;
        turn.forget();
        id = lockId();
    }

    /**
     * Writes a message.
     *
     * @return null if the receiver was gone before the first byte was written or waited for: there may be another one
     * @throws IllegalArgumentException if it is an offer of a message that the pipe cannot hold
     */
    @Nullable
    SendStatus write(ByteBuffer message, Deadline deadline) throws InterruptedException {
        begun = false;
        sequence++;
        return message.remaining() <= FrameLayout.MAX_PAYLOAD_BYTES
                ? writeFrame(message, 0, deadline)
                : writeFrames(message, deadline);
    }

    private @Nullable SendStatus writeFrames(ByteBuffer message, Deadline deadline) throws InterruptedException {
        int length = message.remaining();
        int frames = (length - 1) / FrameLayout.MAX_PAYLOAD_BYTES + 1;
        boolean fits = deadline == Deadline.NEVER || frames <= PipeRoom.whenEmpty(fd);
        if (!fits && deadline == AT_ONCE) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: at most "
                    + PipeRoom.whenEmpty(fd) * FrameLayout.MAX_PAYLOAD_BYTES + " for an offer to " + endpoint
                    + ", all that its pipe holds; send it, or give the receiver a larger capacity)");
        }
        SendStatus status = fits || !deadline.isOver() ? takeTurn(deadline) : SendStatus.FULL;
        int unread = fits ? 0 : 1;
        int written = 0;
        try {
            while (status == SendStatus.SENT && written < frames) {
                if (written == unread && deadline != Deadline.NEVER && !awaitRoom(frames - written, deadline)) {
                    return SendStatus.FULL;
                }
                status = writeFrame(message, written * FrameLayout.MAX_PAYLOAD_BYTES, deadline);
                if (status == SendStatus.SENT) {
                    written++;
                }
            }
            return status;
        } finally {
            finish(written == 0 || written == frames);
        }
    }

    private void finish(boolean whole) {
        if (!whole) {
            long abandoned = id;
            id = lockId();
            OfdLocks.unlock(fd, abandoned, 1);
        }
        turn.giveBack(fd);
    }

    /** Writes the frame at an offset of the message; null as {@link #write}. */
    private @Nullable SendStatus writeFrame(ByteBuffer message, int offset, Deadline deadline)
            throws InterruptedException {
        int length = message.remaining();
        int payload = Math.min(length - offset, FrameLayout.MAX_PAYLOAD_BYTES);
        int frameBytes = FrameLayout.HEADER_BYTES + payload;
        frame.put(FrameLayout.HEADER_BYTES, message, message.position() + offset, payload);
        FrameLayout.writeHeader(frame, crc, id, sequence, length, offset, payload);
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
            return begun ? SendStatus.NOT_CONNECTED : null;
        }
        if (written != frameBytes) {
            throw new PosixException("write", endpoint.toString(), written < 0 ? -written : Errno.EIO.number());
        }
        CrashPoint.reach("fifo.frame.written");
        begun = true;
        return SendStatus.SENT;
    }

    /** Waits for a turn; returns SENT if there is one, else the status to report, null as {@link #write}. */
    private @Nullable SendStatus takeTurn(Deadline deadline) throws InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (!turn.tryTake(fd)) {
            if (isReceiverGone()) {
                return begun ? SendStatus.NOT_CONNECTED : null;
            }
            if (deadline.isOver()) {
                return SendStatus.FULL;
            }
            pause(backoff, deadline);
        }
        return SendStatus.SENT;
    }

    /** Waits until the pipe has room for all frames, or the receiver was seen reading or is gone. */
    private boolean awaitRoom(int frames, Deadline deadline) throws InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        int before = 0;
        while (true) {
            int bytes = Files.readable(fd);
            if (bytes == 0 || bytes < before || frames <= PipeRoom.now(fd, bytes) || isReceiverGone()) {
                return true;
            }
            if (deadline.isOver()) {
                return false;
            }
            before = bytes;
            pause(backoff, deadline);
        }
    }

    private void pause(Backoff backoff, Deadline deadline) throws InterruptedException {
        begun = true;
        backoff.pause(deadline.leftNanos());
        guard.checkOpen();
    }

    private boolean isReceiverGone() {
        return (Poll.awaitOne(fd, Poll.OUT, 0) & Poll.ERR) != 0;
    }

    private long lockId() {
        long random;
        do {
            random = ThreadLocalRandom.current().nextLong(Fifo.FIRST_ID, Long.MAX_VALUE);
        } while (!OfdLocks.tryLock(fd, random, 1));
        return random;
    }
}
