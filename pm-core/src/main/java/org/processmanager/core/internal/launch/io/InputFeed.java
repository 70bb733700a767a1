package org.processmanager.core.internal.launch.io;

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
    /** So that one hungry child does not keep the others waiting. */
    private static final int WRITES_PER_TURN = 8;

    private final EventLoop loop;
    private final int fd;
    private final ByteBuffer content;
    /** Of the content, if it is direct; else 0. */
    private final long address;

    private final PipeCapacity room = new PipeCapacity();
    private int written;
    private volatile boolean open = true;
    private EventLoop.@Nullable Watch watch;

    /** @param content not changed, and written to its limit */
    InputFeed(EventLoop loop, int fd, ByteBuffer content) {
        this.loop = loop;
        this.fd = fd;
        this.content = content;
        address = content.isDirect() ? Files.addressOf(content) : 0;
    }

    /** Writes what fits; the rest follows when there is room. */
    void start() {
        ready(0);
        if (open) {
            watch = loop.watch(fd, Poll.OUT, this);
        }
    }

    /** Whether there is more to write; for any thread. */
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
        room.release();
        return true;
    }
}
