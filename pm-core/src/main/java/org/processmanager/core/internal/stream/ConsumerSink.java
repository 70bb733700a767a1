package org.processmanager.core.internal.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.reactor.Buffers;
import org.processmanager.core.internal.util.QuietLog;

/**
 * Passes the bytes to a consumer, on the serial executor of its process. The queue is bounded: beyond {@value #PAUSE_BYTES}
 * bytes the source is paused, so that a slow consumer slows the program down instead of filling the memory.
 *
 * <p>A consumer that throws is not called again. The sink is then {@linkplain #isBroken broken}, and the failure becomes part of
 * the result. The last bytes are kept for the message of such a failure.
 */
public final class ConsumerSink implements Sink {
    private static final int PAUSE_BYTES = 256 * 1024;
    private static final int RESUME_BYTES = PAUSE_BYTES / 2;
    /** Smaller pieces are copied: a queued buffer should not be much larger than its content. */
    private static final int WORTH_A_BUFFER = Buffers.BYTES / 4;

    private static final int LAST_BYTES = 2048;

    private final String process;
    private final SerialTasks tasks;
    private final Receiver receiver;
    private final TailSink last = new TailSink(LAST_BYTES);
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile Runnable resume = () -> {};
    private volatile boolean abandoned;
    /** The receiver consumes its partial input, after everything else. */
    private volatile boolean ending;

    private volatile boolean ended;
    /** Not everything was delivered before {@link #abandon}. */
    private volatile boolean undelivered;

    private volatile @Nullable Throwable failure;

    private ConsumerSink(String process, SerialTasks tasks, Receiver receiver) {
        this.process = process;
        this.tasks = tasks;
        this.receiver = receiver;
        tasks.enter();
    }

    /**
     * Passes lines to a consumer.
     *
     * @param cutAtCr whether a carriage return ends a line, too
     */
    public static ConsumerSink ofLines(
            String process, SerialTasks tasks, Charset charset, boolean cutAtCr, Consumer<String> consumer) {
        return new ConsumerSink(process, tasks, Receivers.lines(charset, cutAtCr, consumer));
    }

    /**
     * Writes lines with a prefix to a stream, which it flushes and does not close.
     *
     * @param timestamps for the time at the beginning of each line; null for none
     */
    public static ConsumerSink ofPrefixedLines(
            String process,
            SerialTasks tasks,
            Charset charset,
            String prefix,
            @Nullable DateTimeFormatter timestamps,
            OutputStream out) {
        return new ConsumerSink(process, tasks, new PrefixedLines(charset, prefix, timestamps, out));
    }

    /** Passes views of the bytes to a consumer, each valid during the call. */
    public static ConsumerSink ofBytes(String process, SerialTasks tasks, Consumer<ByteBuffer> consumer) {
        return new ConsumerSink(process, tasks, Receivers.bytes(consumer));
    }

    /** Writes to a stream, which it flushes and does not close. */
    public static ConsumerSink ofStream(String process, SerialTasks tasks, OutputStream out) {
        return new ConsumerSink(process, tasks, Receivers.stream(out));
    }

    /** Writes to a file, which it closes. */
    public static ConsumerSink ofFile(String process, SerialTasks tasks, OutputStream file) {
        return new ConsumerSink(process, tasks, Receivers.file(file));
    }

    @Override
    public boolean accept(ByteBuffer bytes) {
        if (discardsInput()) {
            bytes.position(bytes.limit());
            return true;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return enqueue(ByteBuffer.wrap(copy), false);
    }

    @Override
    public boolean wantsBuffer(int bytes) {
        return bytes >= WORTH_A_BUFFER && !discardsInput();
    }

    @Override
    public boolean take(ByteBuffer buffer) {
        return enqueue(buffer, true);
    }

    @Override
    public void onWritable(Runnable whatToDo) {
        resume = whatToDo;
    }

    @Override
    public boolean isWritable() {
        return queuedBytes.get() <= RESUME_BYTES;
    }

    @Override
    public void end(Runnable delivered) {
        tasks.execute(() -> {
            try {
                ending = receiver.hasPartialInput();
                guarded(receiver::end);
                ended = true;
                release();
            } finally {
                delivered.run();
            }
        });
    }

    @Override
    public void abandon() {
        if (ended || abandoned) {
            return;
        }
        abandoned = true;
        undelivered = failure == null && (queuedBytes.get() > 0 || ending || receiver.hasPartialInput());
        release();
    }

    @Override
    public void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
    }

    @Override
    public boolean isBroken() {
        return failure != null;
    }

    @Override
    public Captured captured() {
        Throwable why = failure;
        return Captured.passed(last.captured().bytes(), abandoned || why != null, undelivered, why);
    }

    @Override
    public byte[] retained() {
        return last.retained();
    }

    private boolean discardsInput() {
        return failure != null || abandoned;
    }

    private boolean enqueue(ByteBuffer bytes, boolean pooled) {
        last.accept(bytes.duplicate());
        int size = bytes.remaining();
        int queued = queuedBytes.addAndGet(size);
        tasks.execute(() -> deliver(bytes, size, pooled));
        return queued < PAUSE_BYTES;
    }

    private void deliver(ByteBuffer bytes, int size, boolean pooled) {
        try {
            guarded(() -> receiver.accept(bytes));
        } finally {
            if (pooled) {
                Buffers.release(bytes);
            }
            int left = queuedBytes.addAndGet(-size);
            if (left == 0) {
                guarded(receiver::idle);
            }
            if (left <= RESUME_BYTES && left + size > RESUME_BYTES) {
                resume.run();
            }
        }
    }

    private interface Delivery {
        void run() throws IOException;
    }

    private void guarded(Delivery delivery) {
        if (discardsInput()) {
            return;
        }
        try {
            delivery.run();
        } catch (Throwable e) {
            if (abandoned) {
                return; // its file was closed concurrently
            }
            // A consumer can throw undeclared checked exceptions, in other languages or by generics.
            failure = e;
            resume.run(); // the source ends if no other destination is left
            QuietLog.log(ConsumerSink.class, "a consumer of " + process + " failed and is not called again", e);
        }
    }

    private void release() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        try {
            receiver.close();
        } catch (Throwable e) {
            fail(e);
        } finally {
            tasks.leave();
        }
    }
}
