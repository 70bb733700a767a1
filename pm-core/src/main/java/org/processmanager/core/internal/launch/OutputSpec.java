package org.processmanager.core.internal.launch;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.processmanager.core.internal.stream.HeadSink;
import org.processmanager.core.internal.stream.LineSink;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.stream.Sink;
import org.processmanager.core.internal.stream.TailSink;

/** What becomes of an output stream of a program. */
public sealed interface OutputSpec {
    /** Keeps the first bytes; whether more of them are a failure of {@code run()}. */
    record Head(int bound, boolean overflowIsFailure) implements OutputSpec {}

    /** Keeps the last bytes. */
    record Tail(int bound) implements OutputSpec {}

    /** Goes to {@code /dev/null}. */
    record Discard() implements OutputSpec {}

    /** Goes where the JVM's own goes. */
    record Inherit() implements OutputSpec {}

    /** Goes to a file, opened for the child. */
    record ToFile(Path file, boolean append) implements OutputSpec {}

    /** Goes line by line to a consumer. */
    record Lines(Consumer<String> consumer) implements OutputSpec {}

    /** Where what is read goes; only for those that need a pipe. */
    default Sink sink(LaunchSpec spec, SerialTasks deliveries, Runnable resume) {
        if (this instanceof Head head) {
            return new HeadSink(head.bound(), head.overflowIsFailure());
        }
        if (this instanceof Tail tail) {
            return new TailSink(tail.bound());
        }
        if (this instanceof Lines lines) {
            return new LineSink(spec.name(), spec.streams().charset(), lines.consumer(), deliveries, resume);
        }
        throw new IllegalStateException("not read through a pipe: " + this);
    }

    /** Whether the JVM reads it through a pipe. */
    default boolean needsPipe() {
        return this instanceof Head || this instanceof Tail || this instanceof Lines;
    }
}
