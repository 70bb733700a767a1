package org.processmanager.core.internal.launch.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.reactor.EventLoop;

/**
 * A child's standard input as a stream for the caller.
 *
 * <p>The writer writes into the non-blocking pipe itself; when that is full it waits on a condition, which the loop signals
 * when there is room, so that closing never waits for a writer and a virtual thread blocks no carrier. Every use of the
 * descriptor holds the lock, and only the loop closes it.
 */
final class InputPipe extends OutputStream {
    private static final int CHUNK = 16 * 1024;

    private final String process;
    private final EventLoop loop;
    private final int fd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private EventLoop.@Nullable Watch watch;
    private boolean room;
    private boolean released;
    private @Nullable String closedBecause;

    InputPipe(String process, EventLoop loop, int fd) {
        this.process = process;
        this.loop = loop;
        this.fd = fd;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        byte[] chunk = new byte[Math.min(CHUNK, length)];
        lock.lock();
        try {
            int done = 0;
            while (done < length) {
                checkOpen();
                int size = Math.min(chunk.length, length - done);
                System.arraycopy(bytes, offset + done, chunk, 0, size);
                int n = Files.write(fd, chunk, size);
                if (n >= 0) {
                    done += n;
                } else if (Errno.EAGAIN.is(-n)) {
                    awaitRoom();
                } else {
                    throw new IOException(
                            Errno.EPIPE.is(-n)
                                    ? process + " no longer reads its standard input"
                                    : "writing to the standard input of " + process + " failed: " + Errno.describe(-n));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        close("closed");
    }

    /** Closes the stream; returns false if it was closed before. A blocked writer gets an exception. Thread-safe. */
    boolean close(String reason) {
        boolean first;
        lock.lock();
        try {
            first = closedBecause == null;
            if (first) {
                closedBecause = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (first) {
            loop.execute(this::release);
        }
        return first;
    }

    /** Closes the stream and the pipe before it returns; on the loop's thread. */
    void end(String reason) {
        close(reason);
        release();
    }

    boolean isOpen() {
        lock.lock();
        try {
            return closedBecause == null;
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() throws IOException {
        if (closedBecause != null) {
            throw new IOException("the standard input of " + process + " is closed: " + closedBecause);
        }
    }

    private void awaitRoom() throws IOException {
        room = false;
        loop.execute(this::watchForRoom);
        try {
            while (!room && closedBecause == null) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to the standard input of " + process);
        }
    }

    private void watchForRoom() {
        lock.lock();
        try {
            if (closedBecause == null && watch == null) {
                watch = loop.watch(fd, Poll.OUT, this::foundRoom);
            }
        } catch (Throwable e) {
            // Otherwise the writer would wait forever.
            close("it cannot be watched: " + e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void foundRoom(int events) {
        lock.lock();
        try {
            cancelWatch();
            room = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            if (!released) {
                released = true;
                cancelWatch();
                Files.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }

    private void cancelWatch() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }
}
