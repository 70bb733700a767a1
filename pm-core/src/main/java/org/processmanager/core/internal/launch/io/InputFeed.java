package org.processmanager.core.internal.launch.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.reactor.EventLoop;

/**
 * Writes given bytes into a child's standard input as it accepts them, then closes it. A child that does not read all is
 * no error. Belongs to the thread of its loop.
 */
final class InputFeed implements EventLoop.Handler {
    /** Bounds one turn, so that a child that reads fast does not delay other children. */
    private static final int WRITES_PER_TURN = 8;

    private final EventLoop loop;
    private final int fd;
    private final ByteBuffer content;
    /** The address of direct content; else 0. */
    private final long address;

    private final PipeCapacity room = new PipeCapacity();
    private int written;
    private volatile boolean open = true;
    private EventLoop.@Nullable Watch watch;

    /** @param content written up to its limit and not modified */
    InputFeed(EventLoop loop, int fd, ByteBuffer content) {
        this.loop = loop;
        this.fd = fd;
        this.content = content;
        address = content.isDirect() ? Files.addressOf(content) : 0;
    }

    /** Writes as much as the pipe accepts; the rest follows when the pipe is writable. */
    void start() {
        ready(0);
        if (open) {
            watch = loop.watch(fd, Poll.OUT, this);
        }
    }

    /** Returns whether content remains to be written. Thread-safe. */
    boolean isOpen() {
        return open;
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < WRITES_PER_TURN && open; i++) {
            if (written == content.limit()) {
                close();
                return;
            }
            int left = content.limit() - written;
            int n = address != 0 ? Files.write(fd, address + written, left) : writeCopy(left);
            if (n >= 0) {
                written += n;
                if (n < left) {
                    room.growOnce(fd);
                }
            } else if (Errno.EAGAIN.is(-n)) {
                return;
            } else {
                close();
            }
        }
    }

    private int writeCopy(int left) {
        ByteBuffer buffer = loop.buffer();
        buffer.put(0, content.array(), written, Math.min(buffer.capacity(), left))
                .limit(Math.min(buffer.capacity(), left));
        return Files.write(fd, buffer);
    }

    /** Discards the remaining content; returns false if there was none. */
    boolean close() {
        if (!open) {
            return false;
        }
        open = false;
        if (watch != null) {
            watch.cancel();
        }
        Files.close(fd);
        room.release();
        return true;
    }
}
