package org.processmanager.core;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.posix.PathText;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The destination of an output stream of a program. Immutable; can be used for any number of launches.
 *
 * <p>Output that comes through a pipe is read as it arrives, whether the caller waits for it or not, so that the program does
 * not block on a full pipe. Only a slow consumer ({@link #lines}, {@link #log}, {@link #prefixed}, {@link #bytes},
 * {@link #to}) or reader ({@link #pipe}) slows its program, once 256 KiB wait for it. What the program wrote before its exit
 * is always delivered. A pipe that is still open some time after the exit (the {@linkplain Command#streamGrace grace}, 250 ms
 * by default), because a process that the program left behind holds it, is closed: see
 * {@link ProcessResult#streamsIncomplete()}.
 *
 * <p>The consumers of one process are called one after another, on daemon threads of the library, never two at a time. The
 * threads have the system class loader as their context class loader, and the one of the last call lives until the next call or
 * the end of the output. An interrupt status that a consumer leaves set is cleared. A consumer must not wait for its own
 * process, neither by {@link ManagedProcess#await()}, which rejects that, nor by {@link ManagedProcess#onExit()}.
 *
 * <p>A consumer that throws is logged and is not called again. The output is then closed, unless it also has
 * {@linkplain #and another destination}: a program that writes more of it is ended by SIGPIPE, and one that handles this
 * continues without that output. {@link Command#run()} throws when the program has exited, as it does for a consumer that has
 * not accepted everything at the command's timeout; {@link ProcessResult#failure()} has both.
 */
@CheckReturnValue
public final class Output {
    /** The bound of {@link #capture()}: 64 MiB. */
    public static final int CAPTURE_BYTES = 64 * 1024 * 1024;

    /** What {@link Command#start()} keeps of each stream by default: the last 64 KiB. */
    public static final int TAIL_BYTES = 64 * 1024;

    static final Output TAIL = tail(TAIL_BYTES);
    private static final Output CAPTURE = capture(CAPTURE_BYTES);
    private static final Output DISCARD = new Output(OutputSpec.DISCARD);
    private static final Output MERGED = new Output(new OutputSpec.Merged());
    private static final Output INHERIT = new Output(new OutputSpec.Inherit());
    private static final Output PIPE = new Output(new OutputSpec.Pipe(null));

    private final OutputSpec spec;

    private Output(OutputSpec spec) {
        this.spec = spec;
    }

    /** Returns the output for standard error that joins it to standard output. */
    static Output merged() {
        return MERGED;
    }

    OutputSpec spec() {
        return spec;
    }

    /**
     * Returns an output that keeps everything for the result, up to {@link #CAPTURE_BYTES}; the default of
     * {@link Command#run()}.
     *
     * @return the output
     */
    public static Output capture() {
        return CAPTURE;
    }

    /**
     * Returns an output that keeps everything for the result, up to a bound. Output beyond the bound is read and discarded,
     * the result is marked as {@linkplain ProcessResult#truncated() truncated}, and {@link Command#run()} throws.
     *
     * @param maxBytes the bound, positive
     * @return the output
     * @throws IllegalArgumentException if the bound is not positive
     */
    public static Output capture(int maxBytes) {
        return new Output(new OutputSpec.Head(checkPositive("maxBytes", maxBytes), true, null));
    }

    /**
     * Returns an output that keeps the first bytes for the result; more output is no failure.
     *
     * @param bytes how many, positive
     * @return the output
     * @throws IllegalArgumentException if it is not positive
     */
    public static Output head(int bytes) {
        return new Output(new OutputSpec.Head(checkPositive("bytes", bytes), false, null));
    }

    /**
     * Returns an output that keeps the last bytes for the result; more output is no failure.
     *
     * @param bytes how many, positive
     * @return the output
     * @throws IllegalArgumentException if it is not positive
     */
    public static Output tail(int bytes) {
        return new Output(new OutputSpec.Tail(checkPositive("bytes", bytes), null));
    }

    /**
     * Returns an output to {@code /dev/null}.
     *
     * @return the output
     */
    public static Output discard() {
        return DISCARD;
    }

    /**
     * Returns an output to the JVM's own stream of that kind. The program then stays in the process group and session of the
     * JVM. If the JVM was started with this stream closed, or with a file that is open for reading only, the output goes to
     * {@code /dev/null}, and not to the file that the JVM opened under that number.
     *
     * @return the output
     */
    public static Output inherit() {
        return INHERIT;
    }

    /**
     * Returns an output that the program itself writes to a file, which is created or truncated at each launch. Several outputs
     * of a launch can go to the same file, also by different names and together with {@link #appendTo}: it is truncated once,
     * and all append to it. The file that is the standard input is refused.
     *
     * @param file the file; a relative one is relative to the JVM's working directory
     * @return the output
     */
    public static Output toFile(Path file) {
        return new Output(new OutputSpec.ToFile(PathText.check("file", file), false));
    }

    /**
     * Returns an output that the program itself appends to a file, which is created if it does not exist.
     *
     * @param file the file; a relative one is relative to the JVM's working directory
     * @return the output
     */
    public static Output appendTo(Path file) {
        return new Output(new OutputSpec.ToFile(PathText.check("file", file), true));
    }

    /**
     * Returns an output that is read from {@link ManagedProcess#stdout()} or {@link ManagedProcess#stderr()}; for
     * {@link Command#start()} and {@link Pipeline#start()} only.
     *
     * <p>The stream buffers 256 KiB; then the program blocks until some of it is read. A caller that waits for such a program
     * without reading may therefore wait until its timeout or forever. The exit of the process does not wait for the reader:
     * what is unread then, at most 2.3 MiB, can be read afterwards. The stream ends when the program has closed it or has
     * exited, also after a stop or a timeout. Closing the stream discards what comes later, and the program continues.
     *
     * @return the output
     */
    public static Output pipe() {
        return PIPE;
    }

    /**
     * Returns an output that passes each line, without its line terminator, to a consumer. Lines end with LF or CR LF.
     * Malformed input in the {@linkplain Command#charset charset} becomes the replacement character; a line of more than a
     * million characters is passed in pieces.
     *
     * @param consumer receives the lines
     * @return the output
     */
    public static Output lines(Consumer<String> consumer) {
        return lines(consumer, LineEnding.LF);
    }

    /**
     * Returns an output that passes each line to a consumer as {@link #lines(Consumer)} does, with a choice for a bare
     * carriage return, by which programs redraw progress bars.
     *
     * @param consumer receives the lines
     * @param ending what ends a line
     * @return the output
     */
    public static Output lines(Consumer<String> consumer, LineEnding ending) {
        boolean cutAtCr = Objects.requireNonNull(ending, "ending") == LineEnding.LF_OR_CR;
        return new Output(new OutputSpec.Lines(Objects.requireNonNull(consumer, "consumer"), cutAtCr, null));
    }

    /**
     * Returns an output that logs each line, as {@link #lines(Consumer)} cuts them. A line is logged as the message itself:
     * braces in it are not replaced.
     *
     * @param logger where to
     * @param level the level of each line
     * @return the output
     */
    public static Output log(Logger logger, Level level) {
        Objects.requireNonNull(logger, "logger");
        Objects.requireNonNull(level, "level");
        return lines(line -> logger.atLevel(level).log(line));
    }

    /**
     * Returns an output that writes each line, as {@link #lines(Consumer)} cuts them, to a stream with a prefix before it and
     * LF behind it, encoded in the charset of the output. Each line is written by one call: several processes can share a
     * thread-safe stream, such as {@link System#out}, and their lines do not mix. The stream is flushed whenever no output is
     * pending, and is not closed.
     *
     * @param prefix stands before each line, for example {@code "web | "}
     * @param stream where to
     * @return the output
     */
    public static Output prefixed(String prefix, OutputStream stream) {
        Objects.requireNonNull(prefix, "prefix");
        return new Output(new OutputSpec.Prefixed(prefix, null, Objects.requireNonNull(stream, "stream"), null));
    }

    /**
     * Returns an output that writes each line as {@link #prefixed(String, OutputStream)} does, with the time and a space
     * before the prefix: the time when this JVM received the line, in its time zone.
     *
     * @param prefix stands between the time and the line
     * @param timestamps formats the time, for example {@link DateTimeFormatter#ISO_OFFSET_DATE_TIME}
     * @param stream where to
     * @return the output
     */
    public static Output prefixed(String prefix, DateTimeFormatter timestamps, OutputStream stream) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(timestamps, "timestamps");
        return new Output(new OutputSpec.Prefixed(prefix, timestamps, Objects.requireNonNull(stream, "stream"), null));
    }

    /**
     * Returns an output that passes the bytes to a consumer as they arrive, in pieces of up to 64 KiB.
     *
     * <p>The buffer belongs to the library and is reused: its content between position and limit is valid until the
     * consumer returns. It may be direct, without an array. Bytes that the consumer leaves in the buffer are lost.
     *
     * @param consumer receives the pieces
     * @return the output
     */
    public static Output bytes(Consumer<ByteBuffer> consumer) {
        return new Output(new OutputSpec.Bytes(Objects.requireNonNull(consumer, "consumer"), null));
    }

    /**
     * Returns an output that is written to a stream, which is flushed whenever no output is pending, and is not closed. A
     * stream that blocks slows the program; one that throws is not written to again, and the output is closed.
     *
     * @param stream where to; written to by one thread at a time
     * @return the output
     */
    public static Output to(OutputStream stream) {
        return new Output(new OutputSpec.ToStream(Objects.requireNonNull(stream, "stream"), null));
    }

    /**
     * Returns an output that goes to this and to another destination, each with all of it; can be repeated. The output then
     * comes through the JVM: the JVM writes a file (FIFOs are refused), and {@link #inherit()} copies to the JVM's own stream,
     * so that the program does not see the terminal behind it.
     *
     * <p>Each destination keeps its own behavior: {@link #capture}, {@link #head} and {@link #tail} never slow the program, all
     * others do, and the slowest one sets the pace: the others are at most 256 KiB ahead of it. A file gets what was read
     * without waiting for a consumer. A destination that failed is left out from then on.
     *
     * @param other the other destination
     * @return the combined output
     * @throws IllegalArgumentException if both keep something for the result, or both are {@link #pipe()}
     */
    public Output and(Output other) {
        Objects.requireNonNull(other, "other");
        if (spec.keeps() && other.spec.keeps()) {
            throw new IllegalArgumentException(
                    "other: keeps bytes for the result, as this does (expected: at most one of them)");
        }
        if (spec.isPipe() && other.spec.isPipe()) {
            throw new IllegalArgumentException("other: is a pipe, as this is (expected: at most one of them)");
        }
        List<OutputSpec> parts = new ArrayList<>(spec.parts());
        parts.addAll(other.spec.parts());
        return parts.isEmpty() ? DISCARD : new Output(new OutputSpec.Tee(List.copyOf(parts)));
    }

    /**
     * Returns the same output with text in another charset than the {@linkplain Command#charset command's}: for lines, and for
     * the text of what the result keeps. For a {@linkplain #and combined} output it applies to the destinations that have none
     * of their own.
     *
     * @param charset the charset in which the program writes
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
