package org.processmanager.core.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.stream.LineSink;
import org.processmanager.core.internal.stream.SerialTasks;
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
    private volatile long lastDataNanos = System.nanoTime();
    private volatile boolean ended;
    private volatile boolean delivered;

    JdkPump(LaunchSpec spec, OutputSpec output, InputStream in, SerialTasks deliveries, Runnable onChange) {
        this.in = in;
        this.onChange = onChange;
        this.sink = output.sink(spec, deliveries, mayResume::release);
    }

    Sink sink() {
        return sink;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isDelivered() {
        return delivered;
    }

    /** Whether nothing came for so long although somebody was there to take it. */
    boolean isQuietFor(long nanos) {
        return reading && System.nanoTime() - lastDataNanos >= nanos;
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
                lastDataNanos = System.nanoTime();
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

    /** Waits no longer for the consumer. */
    void abandon() {
        if (sink instanceof LineSink lines) {
            lines.abandon();
            delivered = true;
        }
    }

    private void deliver(ByteBuffer bytes) throws InterruptedException {
        mayResume.drainPermits();
        boolean more;
        lock.lock();
        try {
            more = ended || sink.accept(bytes);
        } finally {
            lock.unlock();
        }
        if (!more) {
            mayResume.acquire();
        }
    }
}
