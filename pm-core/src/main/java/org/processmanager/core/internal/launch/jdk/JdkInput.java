package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.io.ChildInput;
import org.processmanager.core.internal.launch.io.StreamFeed;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;

/** The pipe to the standard input of a child of {@link ProcessBuilder}, written by dedicated threads. */
final class JdkInput {
    private final LaunchSpec spec;
    private final OutputStream target;
    /** The stream for the caller or for the thread that copies a stream. */
    private final @Nullable JdkInputPipe pipe;

    private final @Nullable StreamFeed streamFeed;

    JdkInput(LaunchSpec spec, OutputStream target) {
        this.spec = spec;
        this.target = target;
        InputSpec input = spec.stdin();
        JdkInputPipe written = null;
        StreamFeed fed = null;
        if (input instanceof InputSpec.Pipe) {
            written = new JdkInputPipe(spec.name(), target);
        } else if (input instanceof InputSpec.FromStream from) {
            written = new JdkInputPipe(spec.name(), target);
            fed = new StreamFeed(from.stream(), from.owned(), written, written::isOpen);
        }
        pipe = written;
        streamFeed = fed;
    }

    /** @param start starts a thread, by its name and body */
    void start(BiConsumer<String, Runnable> start) {
        if (pipe != null) {
            start.accept("in", pipe::pump);
        }
        if (streamFeed != null) {
            start.accept("feed", streamFeed::run);
        } else if (spec.stdin() instanceof InputSpec.Bytes bytes) {
            start.accept("in", () -> feed(bytes.content().duplicate()));
        } else if (pipe == null && !(spec.stdin() instanceof InputSpec.FromStage)) {
            feed(ByteBuffer.allocate(0));
        }
    }

    OutputStream stream() {
        if (pipe == null || streamFeed != null) {
            throw ChildInput.noPipe(spec);
        }
        return pipe;
    }

    /** Returns the exception thrown by the caller's input stream, or null. */
    @Nullable
    Throwable failure() {
        return streamFeed == null ? null : streamFeed.failure();
    }

    /** Returns whether {@link #closeForStop} has something to close. */
    boolean isOpen() {
        return pipe != null && pipe.isOpen();
    }

    /** Closes the input as the first step of a stop; returns false if there was nothing to close. */
    boolean closeForStop() {
        return pipe != null && pipe.close("the process is being stopped");
    }

    void exited() {
        if (pipe != null) {
            pipe.close("the process has ended");
        }
    }

    private void feed(ByteBuffer content) {
        try (WritableByteChannel out = Channels.newChannel(target)) {
            out.write(content);
        } catch (IOException e) {
            // the program did not read all of it
        }
    }
}
