package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A child's standard input as a stream for the caller. Writers to the stream of the JDK cannot be interrupted, so the caller
 * writes into a bounded buffer, from which a dedicated thread writes to that stream.
 */
final class JdkInputPipe extends OutputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String process;
    private final OutputStream target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private @Nullable String closedBecause;

    JdkInputPipe(String process, OutputStream target) {
        this.process = process;
        this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        lock.lock();
        try {
            int done = 0;
            while (done < length) {
                while (filled == buffer.length && closedBecause == null) {
                    changed.await();
                }
                if (closedBecause != null) {
                    throw new IOException("the standard input of " + process + " is closed: " + closedBecause);
                }
                int n = Math.min(length - done, buffer.length - filled);
                System.arraycopy(bytes, offset + done, buffer, filled, n);
                filled += n;
                done += n;
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to the standard input of " + process);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        close("closed");
    }

    /** Returns whether the stream is open. */
    boolean isOpen() {
        lock.lock();
        try {
            return closedBecause == null;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the stream; the content of the buffer is still written. Returns false if it was closed before. */
    boolean close(String reason) {
        lock.lock();
        try {
            if (closedBecause != null) {
                return false;
            }
            closedBecause = reason;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The body of the writing thread. */
    void pump() {
        try (OutputStream out = target) {
            while (true) {
                byte[] chunk = take();
                if (chunk == null) {
                    return;
                }
                out.write(chunk);
                out.flush();
            }
        } catch (IOException e) {
            close("the process no longer reads it");
        }
    }

    private byte @Nullable [] take() {
        lock.lock();
        try {
            while (filled == 0 && closedBecause == null) {
                changed.awaitUninterruptibly();
            }
            if (filled == 0) {
                return null;
            }
            byte[] chunk = java.util.Arrays.copyOf(buffer, filled);
            filled = 0;
            changed.signalAll();
            return chunk;
        } finally {
            lock.unlock();
        }
    }
}
