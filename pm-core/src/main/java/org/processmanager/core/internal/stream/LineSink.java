package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives lines to a user's consumer, on the serial task of its process. What the consumer has not taken yet is bounded: past
 * {@value #PAUSE_BYTES} bytes the source is asked to pause, so that a slow consumer slows the program and fills no memory.
 *
 * <p>A consumer that throws is not called again; the stream is still read, so that the program does not block, and the
 * failure becomes part of the result.
 */
public final class LineSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(LineSink.class);
    private static final int PAUSE_BYTES = 256 * 1024;
    private static final int RESUME_BYTES = PAUSE_BYTES / 2;

    private final String process;
    private final SerialTasks tasks;
    private final LineDecoder decoder;
    private final Runnable resume;
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private volatile boolean abandoned;
    private volatile @Nullable Throwable failure;

    /** Gives lines to {@code consumer}; {@code resume} is run, by any thread, when a paused source may go on. */
    public LineSink(String process, Charset charset, Consumer<String> consumer, SerialTasks tasks, Runnable resume) {
        this.process = process;
        this.tasks = tasks;
        this.decoder = new LineDecoder(charset, consumer);
        this.resume = resume;
    }

    @Override
    public boolean accept(ByteBuffer bytes) {
        if (failure != null || abandoned) {
            bytes.position(bytes.limit());
            return true;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        int queued = queuedBytes.addAndGet(copy.length);
        tasks.execute(() -> deliver(copy));
        return queued < PAUSE_BYTES;
    }

    @Override
    public void end(Runnable delivered) {
        tasks.execute(() -> {
            guarded(decoder::end);
            delivered.run();
        });
    }

    /** Drops what the consumer has not been given yet. */
    public void abandon() {
        abandoned = true;
    }

    @Override
    public Captured captured() {
        return new Captured(Captured.NOTHING.bytes(), abandoned, false, failure);
    }

    private void deliver(byte[] bytes) {
        guarded(() -> decoder.accept(ByteBuffer.wrap(bytes)));
        int left = queuedBytes.addAndGet(-bytes.length);
        if (left <= RESUME_BYTES && left + bytes.length > RESUME_BYTES) {
            resume.run();
        }
    }

    private void guarded(Runnable delivery) {
        if (failure != null || abandoned) {
            return;
        }
        try {
            delivery.run();
        } catch (RuntimeException | Error e) {
            failure = e;
            LOG.warn("the line consumer of {} failed and is not called again", process, e);
        }
    }
}
