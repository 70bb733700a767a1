package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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
import org.processmanager.ipc.internal.stream.FrameLayout;
import org.processmanager.ipc.internal.stream.FrameWriter;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Writes messages into the pipe of one connection, at most PIPE_BUF bytes a write.
 *
 * <p>A send that may give up, with a message of several frames, writes nothing unless the pipe has room for all of it or the
 * receiver was seen reading: otherwise it would leave a beginning that takes the room of other messages. A message that is
 * longer than the pipe cannot have room for all of it; its first frame shows whether the receiver reads.
 */
final class FifoWriter extends FrameWriter {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final HandleGuard guard;
    private final long framesAddress = Files.addressOf(frames);
    private final SendingTurn turn = new SendingTurn();

    private int fd;

    FifoWriter(Endpoint endpoint, HandleGuard guard) {
        super(endpoint);
        this.guard = guard;
    }

    /** Starts a connection, with an id of its own. */
    void connect(int pipe) {
        fd = pipe;
        turn.forget();
        setId(lockId());
    }

    @Override
    protected @Nullable SendStatus writeFrames(ByteBuffer message, int frames, Deadline deadline)
            throws InterruptedException {
        boolean fits = deadline == Deadline.NEVER || frames <= PipeRoom.whenEmpty(fd);
        if (!fits && deadline == Deadline.AT_ONCE) {
            throw new IllegalArgumentException("message: " + message.remaining() + " bytes (expected: at most "
                    + PipeRoom.whenEmpty(fd) * FrameLayout.MAX_PAYLOAD_BYTES + " for an offer to " + endpoint
                    + ", all that its pipe holds; send it, or give the receiver a larger capacity)");
        }
        SendStatus status = fits || !deadline.isOver() ? takeTurn(deadline) : SendStatus.FULL;
        int unread = fits ? 0 : 1;
        long receiver = Fifo.receiverId(fd);
        int written = 0;
        try {
            while (status == SendStatus.SENT && written < frames) {
                if (written == unread && deadline != Deadline.NEVER && !awaitRoom(frames - written, deadline)) {
                    return SendStatus.FULL;
                }
                if (written == frames - 1 && isReplaced(receiver)) {
                    return notConnected();
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
            long abandoned = id();
            setId(lockId());
            OfdLocks.unlock(fd, abandoned, 1);
        }
        turn.giveBack(fd);
    }

    @Override
    protected SendStatus tryWrite(int bytes) {
        int written = Files.write(fd, framesAddress, bytes);
        if (Errno.EAGAIN.is(-written)) {
            return SendStatus.FULL;
        }
        if (Errno.EPIPE.is(-written)) {
            return SendStatus.NOT_CONNECTED;
        }
        if (written != bytes) {
            throw new PosixException("write", endpoint.toString(), written < 0 ? -written : Errno.EIO.number());
        }
        CrashPoint.reach("fifo.frame.written");
        return SendStatus.SENT;
    }

    @Override
    protected SendStatus probe() {
        int events = Poll.awaitOne(fd, Poll.OUT, 0);
        if ((events & Poll.ERR) != 0) {
            return SendStatus.NOT_CONNECTED;
        }
        return events == 0 ? SendStatus.FULL : SendStatus.SENT;
    }

    @Override
    protected void awaitWritable(Deadline deadline) throws InterruptedException {
        PipeWait.await(fd, Poll.OUT, deadline, guard);
    }

    /** Waits for a turn; returns SENT if there is one, else the status to report, null as {@link #write}. */
    private @Nullable SendStatus takeTurn(Deadline deadline) throws InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (!turn.tryTake(fd)) {
            if (isReceiverGone()) {
                return notConnected();
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
        setBegun();
        backoff.pause(deadline.leftNanos());
        guard.checkOpen();
    }

    /**
     * Returns whether a receiver has left since its message began, with the frames that it had read. Another one may have opened
     * the FIFO before this sender wrote or looked again, for example if it was suspended.
     */
    private boolean isReplaced(long receiver) {
        return receiver >= 0 && Fifo.receiverId(fd) != receiver;
    }

    private boolean isReceiverGone() {
        return (Poll.awaitOne(fd, Poll.OUT, 0) & Poll.ERR) != 0;
    }

    private long lockId() {
        long random;
        do {
            random = ThreadLocalRandom.current().nextLong(Fifo.FIRST_ID, Fifo.FIRST_RECEIVER_ID);
        } while (!OfdLocks.tryLock(fd, random, 1));
        return random;
    }
}
