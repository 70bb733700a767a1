package org.processmanager.core.internal.launch;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.reactor.EventLoop;

/**
 * Writes given bytes into a child's standard input as it takes them, then closes it. A child that does not want them all is
 * no error. Belongs to the thread of its loop.
 */
final class InputFeed implements EventLoop.Handler {
    private final EventLoop loop;
    private final int fd;
    private final byte[] content;
    private int written;
    private boolean open = true;
    private EventLoop.@Nullable Watch watch;

    InputFeed(EventLoop loop, int fd, byte[] content) {
        this.loop = loop;
        this.fd = fd;
        this.content = content;
    }

    /** Writes what fits; the rest follows when there is room. */
    void begin() {
        ready(0);
        if (open) {
            watch = loop.watch(fd, Poll.OUT, this);
        }
    }

    @Override
    public void ready(int events) {
        while (open) {
            if (written == content.length) {
                close();
                return;
            }
            ByteBuffer buffer = loop.buffer();
            buffer.put(content, written, Math.min(buffer.capacity(), content.length - written))
                    .flip();
            int n = Files.write(fd, buffer);
            if (n >= 0) {
                written += n;
            } else if (Errno.EAGAIN.is(-n)) {
                return;
            } else {
                close();
            }
        }
    }

    /** Gives the rest up; false if there was none. */
    boolean close() {
        if (!open) {
            return false;
        }
        open = false;
        if (watch != null) {
            watch.cancel();
        }
        Files.close(fd);
        return true;
    }
}
