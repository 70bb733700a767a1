package org.processmanager.core.internal.launch.spec;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** Goes line by line to a consumer, in this charset or the command's. */
    record Lines(Consumer<String> consumer, @Nullable Charset charset) implements OutputSpec {}

    /** Goes to a consumer as it comes. */
    record Bytes(Consumer<ByteBuffer> consumer) implements OutputSpec {}

    /** Goes to a stream of the user's. */
    record ToStream(OutputStream stream) implements OutputSpec {}

    /** Goes to each of several, by way of the JVM. */
    record Tee(List<OutputSpec> parts) implements OutputSpec {}

    /** Standard error goes where standard output goes. */
    record Merged() implements OutputSpec {}

    /**
     * Goes to the stage after it.
     *
     * @param descriptor lent for the launch; -1 where the launcher connects them itself
     */
    record ToStage(int descriptor) implements OutputSpec {}

    /** Whether the JVM reads it through a pipe. */
    default boolean needsPipe() {
        return !(this instanceof Discard
                || this instanceof Inherit
                || this instanceof ToFile
                || this instanceof Merged
                || this instanceof ToStage);
    }

    /** Whether something of it is kept for the result. */
    default boolean keeps() {
        return this instanceof Head
                || this instanceof Tail
                || this instanceof Tee tee && tee.parts().stream().anyMatch(OutputSpec::keeps);
    }

    /** The same with lines in a charset, where they have none of their own. */
    default OutputSpec in(Charset charset) {
        if (this instanceof Lines lines && lines.charset() == null) {
            return new Lines(lines.consumer(), charset);
        }
        if (this instanceof Tee tee) {
            return new Tee(tee.parts().stream().map(part -> part.in(charset)).toList());
        }
        return this;
    }
}
