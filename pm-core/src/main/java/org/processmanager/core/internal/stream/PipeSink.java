package org.processmanager.core.internal.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.reactor.Buffers;

/**
 * Queues the output of a process for a reader, as an {@link InputStream}. Past {@value #PAUSE_BYTES} unread bytes
 * the source is paused. What a process wrote before its exit is always queued, so that its exit does not wait for the
 * reader; it can be read afterwards. Once the reader has closed the stream, all further output is discarded.
 */
public final class PipeSink implements Sink {
    private static final int PAUSE_BYTES = 256 * 1024;
    private static final int RESUME_BYTES = PAUSE_BYTES / 2;
    /** More than a pipe of the system holds. */
    private static final int AFTER_EXIT_BYTES = 2 * 1024 * 1024;
    /** Smaller pieces are copied: a queued buffer should not be much larger than its content. */
    private static final int WORTH_A_BUFFER = Buffers.BYTES / 4;

    private static final int LAST_BYTES = 2048;

    private final String process;
    private final InputStream stream = new Reader();
    private final TailSink last = new TailSink(LAST_BYTES);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Runnable resume = () -> {};

    // Guarded by the lock:
    private final Queue<ByteBuffer> queue = new ArrayDeque<>();
    private int queuedBytes;
    private int pauseBytes = PAUSE_BYTES;
    private boolean ended;
    private boolean closed;
    private boolean discarded;
    private @Nullable Throwable failure;

    /**
     * Creates an empty pipe.
     *
     * @param process the name for messages
     */
    public PipeSink(String process) {
        this.process = process;
    }

    @Override
    public InputStream stream() {
        return stream;
    }

    @Override
    public boolean accept(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return enqueue(ByteBuffer.wrap(copy));
    }

    @Override
    public boolean wantsBuffer(int bytes) {
        return bytes >= WORTH_A_BUFFER;
    }

    @Override
    public boolean take(ByteBuffer buffer) {
        return enqueue(buffer);
    }

    private boolean enqueue(ByteBuffer bytes) {
        lock.lock();
        try {
            if (closed || failure != null) {
                discarded |= bytes.hasRemaining();
                release(bytes);
                return true;
            }
            last.accept(bytes.duplicate());
            queue.add(bytes);
            queuedBytes += bytes.remaining();
            changed.signalAll();
            return queuedBytes < pauseBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onWritable(Runnable whatToDo) {
        resume = whatToDo;
    }

    @Override
    public boolean isWritable() {
        lock.lock();
        try {
            return queuedBytes <= RESUME_BYTES || queuedBytes < pauseBytes && pauseBytes > PAUSE_BYTES;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void exited() {
        lock.lock();
        try {
            pauseBytes = PAUSE_BYTES + AFTER_EXIT_BYTES;
        } finally {
            lock.unlock();
        }
        resume.run();
    }

    @Override
    public void end(Runnable delivered) {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        delivered.run();
    }

    @Override
    public void fail(Throwable why) {
        lock.lock();
        try {
            failure = why;
            clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isBroken() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Captured captured() {
        lock.lock();
        try {
            return Captured.passed(last.captured().bytes(), discarded || failure != null, false, failure);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public byte[] retained() {
        lock.lock();
        try {
            return last.retained();
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        discarded |= !queue.isEmpty();
        queue.forEach(PipeSink::release);
        queue.clear();
        queuedBytes = 0;
    }

    private static void release(ByteBuffer bytes) {
        if (bytes.isDirect()) {
            Buffers.release(bytes);
        }
    }

    private final class Reader extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            int done = 0;
            boolean isWritableAgain;
            lock.lock();
            try {
                if (!awaitBytes()) {
                    return -1;
                }
                int before = queuedBytes;
                while (done < length && !queue.isEmpty()) {
                    ByteBuffer first = queue.element();
                    int n = Math.min(length - done, first.remaining());
                    first.get(bytes, offset + done, n);
                    done += n;
                    if (!first.hasRemaining()) {
                        release(queue.remove());
                    }
                }
                queuedBytes -= done;
                isWritableAgain = before > RESUME_BYTES && queuedBytes <= RESUME_BYTES;
            } finally {
                lock.unlock();
            }
            if (isWritableAgain) {
                resume.run();
            }
            return done;
        }

        /** Blocks until there are bytes; false at the end of the stream. */
        private boolean awaitBytes() throws IOException {
            while (queue.isEmpty()) {
                if (closed) {
                    throw new IOException("the output stream of " + process + " is closed");
                }
                if (failure != null) {
                    throw new IOException("the output of " + process + " is lost", failure);
                }
                if (ended) {
                    return false;
                }
                try {
                    changed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while reading the output of " + process);
                }
            }
            return true;
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return queuedBytes;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                clear();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            resume.run();
        }
    }
}
