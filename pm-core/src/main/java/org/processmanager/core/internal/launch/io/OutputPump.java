package org.processmanager.core.internal.launch.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.reactor.Buffers;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves what comes through the pipe of one output stream to its sink. Belongs to the thread of its loop. */
final class OutputPump implements EventLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    /** Bounds a turn, so that one busy child does not delay the others. */
    private static final int READS_PER_TURN = 8;

    private final EventLoop loop;
    private final int fd;
    private final Sink sink;
    private final Runnable onData;
    private final Runnable onChange;
    private EventLoop.@Nullable Watch watch;
    private final PipeCapacity room = new PipeCapacity();
    private boolean open = true;
    private boolean delivered;

    /**
     * @param onData run after bytes came
     * @param onChange run when no more will come, and when all of it was delivered; again if that failed for want of memory
     */
    OutputPump(EventLoop loop, int fd, Sink sink, Runnable onData, Runnable onChange) {
        this.loop = loop;
        this.fd = fd;
        this.sink = sink;
        this.onData = onData;
        this.onChange = onChange;
    }

    void begin() {
        watch = loop.watch(fd, Poll.IN, this);
    }

    int descriptor() {
        return fd;
    }

    boolean isOpen() {
        return open;
    }

    Sink sink() {
        return sink;
    }

    /** Whether everything has reached its destination. */
    boolean isDelivered() {
        return delivered;
    }

    /** What the sink kept, or that it could not. */
    Captured captured() {
        try {
            return sink.captured();
        } catch (Throwable e) {
            sink.fail(e);
            return sink.captured();
        }
    }

    /** The number by which others that have the pipe open can be found. */
    long inode() {
        return Files.status(fd).inode();
    }

    @Override
    public void ready(int events) {
        boolean hungUp = (events & Poll.HUP) != 0;
        for (int i = 0; i < READS_PER_TURN && open; i++) {
            int n = loop.read(fd, Buffers.BYTES);
            if (n <= 0) {
                stopUnlessEmpty(n);
                return;
            }
            if (n >= PipeCapacity.ORDINARY_BYTES) {
                room.growOnce(fd);
            }
            boolean full = !deliver(loop.filled());
            if (full && watch != null) {
                watch.pause();
                return;
            }
            if (!hungUp && n < Buffers.BYTES) {
                return;
            }
        }
    }

    /** Takes what is in the pipe now, whether the sink would like to pause or not, and sees an end that is already there. */
    void drain() {
        int left = open ? Files.readable(fd) : 0;
        while (open) {
            int n = loop.read(fd, left > 0 ? left : Buffers.BYTES);
            if (n <= 0) {
                stopUnlessEmpty(n);
                return;
            }
            deliver(loop.filled());
            if (left <= 0) {
                return;
            }
            left -= n;
        }
    }

    /** Goes on after the sink asked for a pause. */
    void resume() {
        if (open && watch != null) {
            try {
                watch.resume();
            } catch (PosixException e) {
                LOG.warn("a pipe cannot be watched any more, its stream ends here: {}", e.getMessage());
                sink.fail(e);
                close();
            }
        }
    }

    /** Reads no more, whoever has the other end; does nothing if it has ended. */
    void close() {
        if (open) {
            open = false;
            if (watch != null) {
                watch.cancel();
            }
            Files.close(fd);
            room.release();
            end();
        }
    }

    private void end() {
        try {
            sink.end(this::deliveredByAnyThread);
        } catch (Throwable e) {
            // No memory, say: what still waits is lost, and the result tells of it.
            sink.fail(e);
            delivered = true;
        }
        onChange.run();
    }

    private void deliveredByAnyThread() {
        if (loop.isDrivenHere()) {
            delivered();
            return;
        }
        loop.execute(this::delivered);
    }

    private void delivered() {
        delivered = true;
        onChange.run();
    }

    private boolean deliver(ByteBuffer buffer) {
        buffer.flip();
        boolean more = true;
        try {
            more = sink.wantsBuffer(buffer.remaining()) ? sink.take(loop.detachBuffer()) : sink.accept(buffer);
        } catch (Throwable e) {
            // No memory, say. The stream is still read, so that the program goes on, and the result tells of it.
            sink.fail(e);
        }
        onData.run();
        return more;
    }

    private void stopUnlessEmpty(int n) {
        if (n == 0) {
            close();
        } else if (!Errno.EAGAIN.is(-n)) {
            LOG.warn("reading a pipe failed, its stream ends here: {}", Errno.describe(-n));
            close();
        }
    }
}
