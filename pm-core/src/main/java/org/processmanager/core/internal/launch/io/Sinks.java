package org.processmanager.core.internal.launch.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.stream.ConsumerSink;
import org.processmanager.core.internal.stream.HeadSink;
import org.processmanager.core.internal.stream.PipeSink;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.stream.Sink;
import org.processmanager.core.internal.stream.TailSink;
import org.processmanager.core.internal.stream.TeeSink;
import org.processmanager.core.internal.stream.WatchableSink;

/** The sinks of the piped output of one launch. Either all are opened before the program runs, or none is. */
public final class Sinks {
    private static final int FILE_TYPE = 0xf000;
    private static final int FIFO = 0x1000;

    private final LaunchSpec spec;
    private final Executor pool;
    /** Null until the first consumer. */
    private @Nullable SerialTasks deliveries;
    /** Null until the first part of a tee that is a file or a stream of the JVM. */
    private @Nullable SerialTasks copies;

    private final @Nullable WatchableSink[] sinks = new WatchableSink[3];

    private Sinks(LaunchSpec spec, Executor pool) {
        this.spec = spec;
        this.pool = pool;
    }

    /**
     * Opens the destinations of the streams of a launch.
     *
     * @param pool runs consumers
     * @throws LaunchException with {@link LaunchException.Reason#BAD_STREAM_FILE} if a file cannot be opened
     */
    public static Sinks open(LaunchSpec spec, Executor pool) {
        Sinks sinks = new Sinks(spec, pool);
        try {
            sinks.open(1, spec.stdout());
            sinks.open(2, spec.stderr());
            return sinks;
        } catch (RuntimeException | Error e) {
            sinks.abandon();
            throw e;
        }
    }

    /** Returns whether the calling thread is inside a consumer. */
    public boolean isConsumerThread() {
        return deliveries != null && deliveries.isCurrentThread();
    }

    /** Returns the executor that calls the consumers, one after another. */
    private SerialTasks deliveries() {
        if (deliveries == null) {
            deliveries = new SerialTasks(pool);
        }
        return deliveries;
    }

    /** Returns the executor that writes to files and streams of the JVM: a consumer does not delay them. */
    private SerialTasks copies() {
        if (copies == null) {
            copies = new SerialTasks(pool);
        }
        return copies;
    }

    /** Returns the sink of stream 1 or 2; null if it needs none. */
    @Nullable
    public WatchableSink of(int stream) {
        return sinks[stream];
    }

    /** Closes the destinations of a launch that failed. */
    public void abandon() {
        for (Sink sink : sinks) {
            if (sink != null) {
                sink.abandon();
            }
        }
    }

    private void open(int stream, @Nullable OutputSpec output) {
        if (output != null && output.needsPipe()) {
            sinks[stream] = new WatchableSink(sink(stream, output));
        }
    }

    private Sink sink(int stream, OutputSpec output) {
        if (output instanceof OutputSpec.Head head) {
            return new HeadSink(head.bound(), head.overflowIsFailure());
        }
        if (output instanceof OutputSpec.Tail tail) {
            return new TailSink(tail.bound());
        }
        if (output instanceof OutputSpec.Lines lines) {
            return ConsumerSink.ofLines(
                    spec.name(), deliveries(), spec.charset(lines), lines.cutAtCr(), lines.consumer());
        }
        if (output instanceof OutputSpec.Prefixed lines) {
            return ConsumerSink.ofPrefixedLines(
                    spec.name(), deliveries(), spec.charset(lines), lines.prefix(), lines.timestamps(), lines.stream());
        }
        if (output instanceof OutputSpec.Pipe) {
            return new PipeSink(spec.name());
        }
        if (output instanceof OutputSpec.Bytes bytes) {
            return ConsumerSink.ofBytes(spec.name(), deliveries(), bytes.consumer());
        }
        if (output instanceof OutputSpec.ToStream to) {
            return ConsumerSink.ofStream(spec.name(), deliveries(), to.stream());
        }
        if (output instanceof OutputSpec.Tee tee) {
            return tee(stream, tee);
        }
        if (output instanceof OutputSpec.Inherit) {
            if (StandardStreams.isMissing(stream)) {
                return sink(stream, new OutputSpec.ToFile(Path.of("/dev/null"), true));
            }
            return ConsumerSink.ofStream(spec.name(), copies(), stream == 1 ? JvmOutput.OUT : JvmOutput.ERR);
        }
        if (output instanceof OutputSpec.ToFile to) {
            return ConsumerSink.ofFile(spec.name(), copies(), openFile(to));
        }
        throw new IllegalStateException("not read through a pipe: " + output);
    }

    private Sink tee(int stream, OutputSpec.Tee tee) {
        List<Sink> parts = new ArrayList<>();
        try {
            for (OutputSpec part : tee.parts()) {
                parts.add(sink(stream, part));
            }
            return new TeeSink(parts);
        } catch (RuntimeException | Error e) {
            parts.forEach(Sink::abandon);
            throw e;
        }
    }

    private static OutputStream openFile(OutputSpec.ToFile to) {
        String what = "cannot open " + to.file() + " for output: ";
        if (isFifo(to.file())) {
            // Opening it would block in the kernel until there is a reader.
            throw new LaunchException(
                    LaunchException.Reason.BAD_STREAM_FILE,
                    what + "it is a FIFO, which only the program itself can open",
                    null);
        }
        OpenOption mode = to.append() ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try {
            // Unlike a channel, an interrupt does not close it.
            return Files.newOutputStream(to.file(), StandardOpenOption.WRITE, StandardOpenOption.CREATE, mode);
        } catch (IOException e) {
            throw new LaunchException(LaunchException.Reason.BAD_STREAM_FILE, what + e, e);
        }
    }

    /** Returns whether a path leads to a FIFO. */
    public static boolean isFifo(Path file) {
        try {
            int mode = (Integer) Files.getAttribute(file, "unix:mode");
            return (mode & FILE_TYPE) == FIFO;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false; // the file is missing, or the system has no FIFOs
        }
    }
}
