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

/** Moves the bytes of one output pipe to its sink. Confined to the thread of its loop. */
final class OutputPump implements EventLoop.Handler, Runnable {
    /** Bounds one turn, so that a child that writes much does not delay other children. */
    private static final int READS_PER_TURN = 8;

    private final ChildStreams streams;
    private final EventLoop loop;
    private final int fd;
    private final Sink sink;
    private EventLoop.@Nullable Watch watch;
    /** Null until the pipe has carried many bytes. */
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

    /** Returns whether all output was delivered. */
    boolean isDelivered() {
        return delivered;
    }

    /** Returns the output kept by the sink, or its failure. */
    Captured captured() {
        try {
            return sink.captured();
        } catch (Throwable e) {
            sink.fail(e);
            return sink.captured();
        }
    }

    /** Returns the inode of the pipe, by which its other holders can be found. */
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
            if (sink.isBroken()) {
                close();
                return;
            }
            if (full && watch != null) {
                watch.pause();
                return;
            }
            if (!hungUp && n < Buffers.BYTES) {
                return;
            }
        }
    }

    /** Reads the present content of the pipe regardless of back-pressure, and detects the end of the stream. */
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

    /** Resumes reading after back-pressure of the sink, or closes the pipe if the sink is broken. */
    void resume() {
        if (open && sink.isBroken()) {
            close();
        } else if (open && watch != null) {
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

    /** Stops reading, even if the other end is open. Idempotent. */
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
            // Undelivered output is lost, and the result reports that.
            sink.fail(e);
            delivered = true;
        }
        streams.changed();
    }

    /** Called once, by any thread, when all output was delivered. */
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
