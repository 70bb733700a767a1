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
import org.slf4j.LoggerFactory;

/** Moves what comes through the pipe of one output stream to its sink. Belongs to the thread of its loop. */
final class OutputPump implements EventLoop.Handler, Runnable {
    /** So that one chatty child does not keep the others waiting. */
    private static final int READS_PER_TURN = 8;

    private final ChildStreams streams;
    private final EventLoop loop;
    private final int fd;
    private final Sink sink;
    private EventLoop.@Nullable Watch watch;
    /** Null until the pipe has carried a lot. */
    private @Nullable PipeCapacity capacity;

    private boolean open = true;
    private boolean delivered;

    OutputPump(ChildStreams streams, EventLoop loop, int fd, Sink sink) {
        this.streams = streams;
        this.loop = loop;
        this.fd = fd;
        this.sink = sink;
    }

    void start() {
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
                grow();
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

    /** Continues after the sink asked for a pause. */
    void resume() {
        if (open && watch != null) {
            try {
                watch.resume();
            } catch (PosixException e) {
                LoggerFactory.getLogger(OutputPump.class)
                        .warn("a pipe can no longer be watched, its stream ends here: {}", e.getMessage());
                sink.fail(e);
                close();
            }
        }
    }

    /** Stops reading, whether the other end is open or not. Idempotent. */
    void close() {
        if (open) {
            open = false;
            if (watch != null) {
                watch.cancel();
            }
            Files.close(fd);
            if (capacity != null) {
                capacity.release();
            }
            end();
        }
    }

    private void grow() {
        if (capacity == null) {
            capacity = new PipeCapacity();
        }
        capacity.growOnce(fd);
    }

    private void end() {
        try {
            sink.end(this);
        } catch (Throwable e) {
            // What still waits is lost, and the result reports that.
            sink.fail(e);
            delivered = true;
        }
        streams.changed();
    }

    /** Everything was delivered; called once, by any thread. */
    @Override
    public void run() {
        if (loop.isDrivenHere()) {
            delivered();
        } else {
            loop.execute(this::delivered);
        }
    }

    private void delivered() {
        delivered = true;
        streams.changed();
    }

    private boolean deliver(ByteBuffer buffer) {
        buffer.flip();
        boolean more = true;
        try {
            boolean give = buffer.remaining() >= Buffers.WORTH_PASSING && sink.wantsBuffer(buffer.remaining());
            more = give ? sink.take(loop.detachBuffer()) : sink.accept(buffer);
        } catch (Throwable e) {
            // The stream is still read, so that the program continues, and the result reports the failure.
            sink.fail(e);
        }
        streams.dataCame();
        return more;
    }

    private void stopUnlessEmpty(int n) {
        if (n == 0) {
            close();
        } else if (!Errno.EAGAIN.is(-n)) {
            LoggerFactory.getLogger(OutputPump.class)
                    .warn("reading a pipe failed, its stream ends here: {}", Errno.describe(-n));
            close();
        }
    }
}
