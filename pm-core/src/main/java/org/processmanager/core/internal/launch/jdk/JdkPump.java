package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;

/**
 * Reads one output stream of a {@link Process} on a dedicated thread. A read that does not return, because a descendant holds
 * the pipe, cannot be interrupted: the thread and its descriptor then remain until that descendant exits.
 */
final class JdkPump {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final ProcessOutput output;
    private final Sink sink;
    private final Runnable onChange;
    private final Semaphore mayResume = new Semaphore(0);
    /** Guards the sink against concurrent use by the reading thread and by {@link #end}. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean reading;
    /** The number of successful reads. */
    private volatile int pieces;

    private volatile boolean heldUp;
    private volatile boolean ended;
    private volatile boolean delivered;

    // Confined to the watching thread:
    private int piecesSeen;
    private long quietNanos;

    JdkPump(Sink sink, ProcessOutput output, Runnable onChange) {
        this.output = output;
        this.onChange = onChange;
        this.sink = sink;
        sink.onWritable(mayResume::release);
    }

    /** Returns the output kept by the sink, or its failure. */
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

    /** Checks for new data since the last check, after which the given time has passed. On the watching thread. */
    void poll(long passedNanos) {
        int now = pieces;
        quietNanos = reading && now == piecesSeen ? quietNanos + passedNanos : 0;
        piecesSeen = now;
    }

    /** Returns whether no data came for this time while the thread was reading. On the watching thread. */
    boolean isQuietFor(long nanos) {
        return reading && quietNanos >= nanos;
    }

    /** Returns whether the reading thread waits for the consumer. */
    boolean isHeldUp() {
        return heldUp;
    }

    /** The body of the reading thread. */
    void pump() {
        try {
            output.read(this::read);
        } catch (IOException | InterruptedException e) {
            // closed by the JDK after the exit: all available data was read
        } finally {
            end();
        }
    }

    private void read(InputStream source) throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (!ended && !sink.isBroken()) {
            reading = true;
            int n = source.read(buffer);
            reading = false;
            if (n < 0) {
                break;
            }
            pieces++; // written by this thread only
            deliver(ByteBuffer.wrap(buffer, 0, n));
        }
    }

    /** Abandons the stream: later data is discarded. Does nothing if the stream has ended. */
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

    /** Notifies the sink of the exit. */
    void exited() {
        sink.exited();
    }

    /** Ends the wait for the consumer. */
    void abandon() {
        sink.abandon();
        delivered = true;
    }

    private boolean accept(ByteBuffer bytes) {
        try {
            return sink.accept(bytes);
        } catch (Throwable e) {
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
