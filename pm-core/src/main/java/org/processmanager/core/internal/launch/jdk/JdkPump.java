package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;

/**
 * Reads one output stream of a {@link Process} by a thread of its own. A read that never ends, because a descendant holds
 * the pipe, cannot be interrupted: then the thread is left behind with its descriptor, until that descendant ends.
 */
final class JdkPump {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final InputStream in;
    private final Sink sink;
    private final Runnable onChange;
    private final Semaphore mayResume = new Semaphore(0);
    /** Guards the sink between the reading thread and the one that gives up. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean reading;
    /** How many times something came. */
    private volatile int pieces;

    private volatile boolean heldUp;
    private volatile boolean ended;
    private volatile boolean delivered;

    // Of the looking thread alone:
    private int piecesSeen;
    private long quietNanos;

    JdkPump(Sink sink, InputStream in, Runnable onChange) {
        this.in = in;
        this.onChange = onChange;
        this.sink = sink;
        sink.onWritable(mayResume::release);
    }

    /** What the sink kept, or that it could not. */
    Captured captured() {
        lock.lock();
        try {
            return sink.captured();
        } catch (Throwable e) {
            sink.fail(e);
            return sink.captured();
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isDelivered() {
        return delivered;
    }

    /** Looks whether something came since the last look, since when so much time is to count; for one thread. */
    void look(long passedNanos) {
        int now = pieces;
        quietNanos = reading && now == piecesSeen ? quietNanos + passedNanos : 0;
        piecesSeen = now;
    }

    /** Whether no data came for so long although a thread was reading; for the thread that looks. */
    boolean isQuietFor(long nanos) {
        return reading && quietNanos >= nanos;
    }

    /** Whether it waits for the consumer. */
    boolean isHeldUp() {
        return heldUp;
    }

    /** Body of the reading thread. */
    void pump() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream source = in) {
            while (!ended) {
                reading = true;
                int n = source.read(buffer);
                reading = false;
                if (n < 0) {
                    break;
                }
                pieces++; // by this thread alone
                deliver(ByteBuffer.wrap(buffer, 0, n));
            }
        } catch (IOException | InterruptedException e) {
            // closed by the JDK as the process ended: what could be read was
        } finally {
            end();
        }
    }

    /** Gives the stream up: what still comes goes nowhere. Does nothing if it has ended. */
    void end() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        mayResume.release();
        sink.end(() -> {
            delivered = true;
            onChange.run();
        });
        onChange.run();
    }

    /** The process has exited. */
    void exited() {
        sink.exited();
    }

    /** Waits no longer for the consumer. */
    void abandon() {
        sink.abandon();
        delivered = true;
    }

    private boolean accept(ByteBuffer bytes) {
        try {
            return sink.accept(bytes);
        } catch (Throwable e) {
            // The stream is still read, so that the program continues, and the result reports the failure.
            sink.fail(e);
            return true;
        }
    }

    private void deliver(ByteBuffer bytes) throws InterruptedException {
        mayResume.drainPermits();
        boolean more;
        lock.lock();
        try {
            more = ended || accept(bytes);
        } finally {
            lock.unlock();
        }
        if (!more) {
            heldUp = true;
            mayResume.acquire();
            heldUp = false;
        }
    }
}
