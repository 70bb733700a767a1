package org.processmanager.core;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.processmanager.core.internal.launch.spec.OutputSpec;

/**
 * What becomes of an output stream of a program. Immutable, for any number of launches.
 *
 * <p>What comes through a pipe is read as it comes, whether anybody waits for it or not, so that a program never blocks on
 * a pipe that nobody drains; only a slow consumer ({@link #lines}, {@link #bytes}, {@link #to}) slows its program, when
 * 256 KiB wait for it. What was written before the program ended always arrives. A pipe that is still open some time after that, because a process that the program left
 * behind has it, is given up: see {@link ProcessResult#pipeHolders()}.
 */
public final class Output {
    /** What {@link #capture()} keeps: 64 MiB. */
    public static final int CAPTURE_BYTES = 64 * 1024 * 1024;

    /** What {@link Command#start()} keeps of each stream unless told otherwise: the last 64 KiB. */
    public static final int TAIL_BYTES = 64 * 1024;

    static final Output TAIL = tail(TAIL_BYTES);
    private static final Output CAPTURE = capture(CAPTURE_BYTES);
    private static final Output DISCARD = new Output(OutputSpec.DISCARD);
    private static final Output MERGED = new Output(new OutputSpec.Merged());
    private static final Output INHERIT = new Output(new OutputSpec.Inherit());

    private final OutputSpec spec;

    private Output(OutputSpec spec) {
        this.spec = spec;
    }

    /** For standard error: where standard output goes. */
    static Output merged() {
        return MERGED;
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
        return new Output(new OutputSpec.Head(checkPositive("maxBytes", maxBytes), true, null));
    }

    /**
     * The first bytes are kept for the result; more than that is no failure.
     *
     * @param bytes how many
     * @return the output
     * @throws IllegalArgumentException if it is not positive
     */
    public static Output head(int bytes) {
        return new Output(new OutputSpec.Head(checkPositive("bytes", bytes), false, null));
    }

    /**
     * The last bytes are kept for the result; more than that is no failure.
     *
     * @param bytes how many
     * @return the output
     * @throws IllegalArgumentException if it is not positive
     */
    public static Output tail(int bytes) {
        return new Output(new OutputSpec.Tail(checkPositive("bytes", bytes), null));
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
     * Goes where the JVM's own goes. The program then stays in the JVM's process group and session. If the JVM was started
     * with this stream closed, it goes to {@code /dev/null}, and not to the file that the JVM opened for itself in its place
     * at its start; so it does if this stream is a file that is open for reading only.
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
     * its program; one that throws is logged, not called again, and makes {@link Command#run()} throw; so does one that
     * has not taken everything at the command's timeout. {@link ProcessResult#failure()} tells of both. It must not wait for its
     * own process, neither by {@link ManagedProcess#await()}, which refuses that, nor by {@link ManagedProcess#onExit()}: it
     * would wait for itself. Bytes that are no text in the {@linkplain Command#charset charset} become the replacement
     * character; a line of more than a million characters comes in pieces.
     *
     * @param consumer takes a line
     * @return the output
     */
    public static Output lines(Consumer<String> consumer) {
        return new Output(new OutputSpec.Lines(Objects.requireNonNull(consumer, "consumer"), null));
    }

    /**
     * Given to a consumer as it comes, in pieces of up to 64 KiB.
     *
     * <p>The buffer is the library's own and is used again: its content between position and limit is valid until the
     * consumer returns. It may be direct, without an array. Else as for {@link #lines}.
     *
     * @param consumer takes a piece; what it leaves in the buffer is lost
     * @return the output
     */
    public static Output bytes(Consumer<ByteBuffer> consumer) {
        return new Output(new OutputSpec.Bytes(Objects.requireNonNull(consumer, "consumer"), null));
    }

    /**
     * Written to a stream, which is flushed whenever nothing more waits, and not closed. One that is slow or blocks slows the
     * program; one that throws is not written to any more. Else as for {@link #lines}.
     *
     * @param stream what is written to, by one thread at a time
     * @return the output
     */
    public static Output to(OutputStream stream) {
        return new Output(new OutputSpec.ToStream(Objects.requireNonNull(stream, "stream"), null));
    }

    /**
     * This and another output too, each with all that comes; any number of them. It comes by way of the JVM: a file is
     * then written by the JVM (a FIFO is refused), {@link #inherit()} copies to the JVM's own stream, and the program does not
     * see the terminal behind that.
     *
     * <p>Each part keeps its own rule: {@link #capture}, {@link #head} and {@link #tail} never slow the program, all others
     * do, and the slowest of them sets the pace. A part that failed is left out, and slows nobody any more.
     *
     * @param other the other one
     * @return both
     * @throws IllegalArgumentException if both keep something for the result, which has room for one
     */
    public Output and(Output other) {
        Objects.requireNonNull(other, "other");
        if (spec.keeps() && other.spec.keeps()) {
            throw new IllegalArgumentException(
                    "other: keeps bytes for the result, as this does (expected: one that does)");
        }
        List<OutputSpec> parts = new ArrayList<>(spec.parts());
        parts.addAll(other.spec.parts());
        return parts.isEmpty() ? DISCARD : new Output(new OutputSpec.Tee(List.copyOf(parts)));
    }

    /**
     * The same, as text in another charset than the {@linkplain Command#charset command's}: for {@link #lines}, and for the
     * text of what the result keeps. In what {@link #and} joined, it is for the parts that have none of their own.
     *
     * @param charset what the stream is written in
     * @return the output
     */
    public Output charset(Charset charset) {
        return new Output(spec.in(Objects.requireNonNull(charset, "charset")));
    }

    private static int checkPositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
