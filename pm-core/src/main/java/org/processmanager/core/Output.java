package org.processmanager.core;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.processmanager.core.internal.launch.OutputSpec;

/**
 * What becomes of an output stream of a program. Immutable, for any number of launches.
 *
 * <p>What comes through a pipe is read as it comes, whether anybody waits for it or not, so that a program never blocks on
 * a pipe that nobody drains; only a slow {@linkplain #lines consumer} slows its program. What was written before the
 * program ended always arrives. A pipe that is still open some time after that, because a process that the program left
 * behind has it, is given up: see {@link ProcessResult#streamsHeldBy()}.
 */
public final class Output {
    /** What {@link #capture()} keeps: 64 MiB. */
    public static final int CAPTURE_BYTES = 64 * 1024 * 1024;

    /** What {@link Command#start()} keeps of each stream unless told otherwise: the last 64 KiB. */
    public static final int TAIL_BYTES = 64 * 1024;

    private static final Output CAPTURE = capture(CAPTURE_BYTES);
    private static final Output DISCARD = new Output(new OutputSpec.Discard());
    private static final Output INHERIT = new Output(new OutputSpec.Inherit());

    private final OutputSpec spec;

    private Output(OutputSpec spec) {
        this.spec = spec;
    }

    OutputSpec spec() {
        return spec;
    }

    /**
     * Kept for the result, at most {@link #CAPTURE_BYTES}; the default of {@link Command#run()}.
     *
     * @return the output
     */
    public static Output capture() {
        return CAPTURE;
    }

    /**
     * Kept for the result. If there is more, the rest is read and dropped, the result says so, and
     * {@link Command#run()} throws.
     *
     * @param maxBytes the bound
     * @return the output
     * @throws IllegalArgumentException if the bound is not positive
     */
    public static Output capture(int maxBytes) {
        return new Output(new OutputSpec.Head(checkPositive("maxBytes", maxBytes), true));
    }

    /**
     * The first bytes are kept for the result; more than that is no failure.
     *
     * @param bytes how many
     * @return the output
     * @throws IllegalArgumentException if it is not positive
     */
    public static Output head(int bytes) {
        return new Output(new OutputSpec.Head(checkPositive("bytes", bytes), false));
    }

    /**
     * The last bytes are kept for the result; more than that is no failure.
     *
     * @param bytes how many
     * @return the output
     * @throws IllegalArgumentException if it is not positive
     */
    public static Output tail(int bytes) {
        return new Output(new OutputSpec.Tail(checkPositive("bytes", bytes)));
    }

    /**
     * Goes to {@code /dev/null}.
     *
     * @return the output
     */
    public static Output discard() {
        return DISCARD;
    }

    /**
     * Goes where the JVM's own goes. The program then stays in the JVM's process group and session.
     *
     * @return the output
     */
    public static Output inherit() {
        return INHERIT;
    }

    /**
     * Written by the program to a file, which is made or emptied at each launch.
     *
     * @param file the file; a relative one starts from the JVM's working directory
     * @return the output
     */
    public static Output toFile(Path file) {
        return new Output(new OutputSpec.ToFile(Objects.requireNonNull(file, "file"), false));
    }

    /**
     * Written by the program to the end of a file, which is made if it is missing.
     *
     * @param file the file; a relative one starts from the JVM's working directory
     * @return the output
     */
    public static Output appendTo(Path file) {
        return new Output(new OutputSpec.ToFile(Objects.requireNonNull(file, "file"), true));
    }

    /**
     * Given line by line, without line ends, to a consumer.
     *
     * <p>The consumers of one process are called one after another, each time by some daemon thread. One that is slow slows
     * its program; one that throws is logged, not called again, and makes {@link Command#run()} throw. It must not wait for
     * its own process. Bytes that are no text in the {@linkplain Command#charset charset} become the replacement
     * character; a line of more than a million characters comes in pieces.
     *
     * @param consumer takes a line
     * @return the output
     */
    public static Output lines(Consumer<String> consumer) {
        return new Output(new OutputSpec.Lines(Objects.requireNonNull(consumer, "consumer")));
    }

    private static int checkPositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
