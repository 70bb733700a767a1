package org.processmanager.core.internal.launch.spec;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Output;

/** The destination of an output stream of a program. */
public sealed interface OutputSpec {
    /** Goes to {@code /dev/null}. */
    OutputSpec DISCARD = new Discard();

    /** The default of {@code run()}. */
    OutputSpec CAPTURE = new Head(Output.CAPTURE_BYTES, true, null);

    /** Keeps the first bytes; {@code overflowIsFailure} says whether more of them make {@code run()} fail. */
    record Head(
            int bound, boolean overflowIsFailure, @Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new Head(bound, overflowIsFailure, other);
        }

        @Override
        public boolean keeps() {
            return true;
        }
    }

    /** Keeps the last bytes. */
    record Tail(int bound, @Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new Tail(bound, other);
        }

        @Override
        public boolean keeps() {
            return true;
        }
    }

    /** Goes to {@code /dev/null}. */
    record Discard() implements OutputSpec {
        @Override
        public boolean needsPipe() {
            return false;
        }

        @Override
        public List<OutputSpec> parts() {
            return List.of();
        }
    }

    /** Goes to the stream of the JVM. */
    record Inherit() implements OutputSpec {
        @Override
        public boolean needsPipe() {
            return false;
        }
    }

    /** Goes to a file, opened for the child. */
    record ToFile(Path file, boolean append) implements OutputSpec {
        @Override
        public boolean needsPipe() {
            return false;
        }
    }

    /** Goes line by line to a consumer. */
    record Lines(
            Consumer<String> consumer,
            boolean cutAtCr,
            @Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new Lines(consumer, cutAtCr, other);
        }
    }

    /** Goes line by line to a stream, with a prefix and optionally the time. */
    record Prefixed(
            String prefix,
            @Nullable DateTimeFormatter timestamps,
            OutputStream stream,
            @Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new Prefixed(prefix, timestamps, stream, other);
        }
    }

    /** Is read by the caller. */
    record Pipe(@Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new Pipe(other);
        }

        @Override
        public boolean isPipe() {
            return true;
        }
    }

    /** Goes to a consumer in pieces as they arrive. */
    record Bytes(Consumer<ByteBuffer> consumer, @Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new Bytes(consumer, other);
        }
    }

    /** Goes to a stream of the caller. */
    record ToStream(OutputStream stream, @Nullable Charset charset) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            return new ToStream(stream, other);
        }
    }

    /** Goes to several destinations, through the JVM. */
    record Tee(List<OutputSpec> parts) implements OutputSpec {
        @Override
        public OutputSpec in(Charset other) {
            List<OutputSpec> changed = new ArrayList<>();
            for (OutputSpec part : parts) {
                changed.add(part.charset() == null ? part.in(other) : part);
            }
            return new Tee(List.copyOf(changed));
        }

        @Override
        public boolean keeps() {
            for (OutputSpec part : parts) {
                if (part.keeps()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean isPipe() {
            for (OutputSpec part : parts) {
                if (part.isPipe()) {
                    return true;
                }
            }
            return false;
        }

        /** Returns the charset of the part that keeps output, else of the first part that has one. */
        @Override
        public @Nullable Charset charset() {
            Charset first = null;
            for (OutputSpec part : parts) {
                if (part.keeps()) {
                    return part.charset();
                }
                first = first != null ? first : part.charset();
            }
            return first;
        }
    }

    /** Standard error goes where standard output goes. */
    record Merged() implements OutputSpec {
        @Override
        public boolean needsPipe() {
            return false;
        }
    }

    /**
     * Goes to the next stage.
     *
     * @param descriptor lent for the launch; -1 if the launcher connects the stages itself
     */
    record ToStage(int descriptor) implements OutputSpec {
        @Override
        public boolean needsPipe() {
            return false;
        }
    }

    /** Returns whether the JVM reads it through a pipe. */
    default boolean needsPipe() {
        return true;
    }

    /** Returns whether a part of it is kept for the result. */
    default boolean keeps() {
        return false;
    }

    /** Returns whether the caller reads it. */
    default boolean isPipe() {
        return false;
    }

    /** Returns the charset of its text; null for that of the command. */
    default @Nullable Charset charset() {
        return null;
    }

    /** Returns a copy with a charset; of a tee, for the parts that have none of their own. */
    default OutputSpec in(Charset charset) {
        return this;
    }

    /** Returns its parts. */
    default List<OutputSpec> parts() {
        return List.of(this);
    }
}
