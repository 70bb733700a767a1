package org.processmanager.core;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.stream.Captured;

/** How a process ended and what it left. Immutable. */
public final class ProcessResult {
    /** Enough for the last lines in a message, in any charset. */
    private static final int LAST_BYTES = 8 * 1024;

    private final Command command;
    private final long pid;
    private final ProcessExit end;
    private final @Nullable Throwable failure;

    ProcessResult(Command command, long pid, ProcessExit end) {
        this.command = command;
        this.pid = pid;
        this.end = end;
        failure = failure(command, end);
    }

    private static @Nullable Throwable failure(Command command, ProcessExit end) {
        for (Captured output : List.of(end.stdout(), end.stderr())) {
            if (output.failure() != null) {
                return output.failure();
            }
        }
        if (end.inputFailure() != null
                || !end.stdout().undelivered() && !end.stderr().undelivered()) {
            return end.inputFailure();
        }
        boolean inTime = end.endReason() == EndReason.OWN_EXIT || end.endReason() == EndReason.TIMED_OUT;
        return new TimeoutException("the consumer of " + (end.stdout().undelivered() ? "stdout" : "stderr")
                + " did not take everything before "
                + (inTime
                        ? "the timeout of "
                                + command.timeout().map(Object::toString).orElse("?")
                        : "the end of the stop"));
    }

    /**
     * What was started.
     *
     * @return the command
     */
    public Command command() {
        return command;
    }

    /**
     * The number that the process had; it may be another's by now.
     *
     * @return the process id
     */
    public long pid() {
        return pid;
    }

    /**
     * How it ended.
     *
     * @return the status
     */
    public ExitStatus status() {
        return end.status();
    }

    /**
     * Why it ended.
     *
     * @return the cause
     */
    public EndReason endReason() {
        return end.endReason();
    }

    /**
     * What was kept of standard output; nothing unless the command captures it.
     *
     * @return a copy
     */
    public byte[] stdout() {
        return end.stdout().bytes().clone();
    }

    /**
     * What was kept of standard error; nothing unless the command captures it.
     *
     * @return a copy
     */
    public byte[] stderr() {
        return end.stderr().bytes().clone();
    }

    /**
     * What was kept of standard output, in the {@linkplain Output#charset stream's} or {@linkplain Command#charset command's}
     * charset.
     *
     * @return the text; malformed input is replaced
     */
    public String stdoutText() {
        return text(end.stdout().bytes(), command.stdoutCharset());
    }

    /**
     * What was kept of standard error, in the {@linkplain Output#charset stream's} or {@linkplain Command#charset command's}
     * charset.
     *
     * @return the text; malformed input is replaced
     */
    public String stderrText() {
        return text(end.stderr().bytes(), command.stderrCharset());
    }

    /**
     * Whether one of the streams brought more than was kept, or than a consumer took in time.
     *
     * @return true if something is missing
     */
    public boolean truncated() {
        return end.stdout().truncated() || end.stderr().truncated();
    }

    /**
     * The time from the launch to the exit.
     *
     * @return the duration
     */
    public Duration duration() {
        return end.duration();
    }

    /**
     * What it used.
     *
     * @return the usage; empty where the system does not tell, as through ProcessBuilder
     */
    public Optional<ResourceUsage> usage() {
        return end.usage();
    }

    /**
     * The processes that had a captured stream of this one open when it was given up, some time after the exit: children
     * that it left behind. They live on, but can write into that stream no more.
     *
     * @return their numbers; empty in the ordinary case, and where they cannot be told
     */
    public List<Long> pipeHolders() {
        return end.pipeHolders();
    }

    /**
     * What stopping it and what it started came to: after a timeout, an interrupt, {@link ManagedProcess#stop()} or the
     * closing of its manager.
     *
     * @return the report of the last stop that found somebody to be stopped; empty if there was none
     */
    public Optional<StopReport> stopReport() {
        return end.stopReport();
    }

    /**
     * What went wrong with its streams in this JVM, whatever the program's status is: {@link Command#run()} fails of it, and
     * who called {@link Command#start()} finds it here.
     *
     * @return what a consumer of its output threw, or the stream that its input was read from; a {@link TimeoutException} if
     *     a consumer had not taken everything when the command's {@linkplain Command#timeout(Duration) timeout} was over;
     *     empty in the ordinary case
     */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Whether the command accepts this end.
     *
     * @return false if {@link Command#run()} throws
     */
    boolean accepted() {
        if (command.acceptsAnyExit()) {
            return true;
        }
        return status() instanceof ExitStatus.Exited exited
                && command.acceptedExitCodes().contains(exited.code())
                && isFineBesidesItsStatus();
    }

    /** Whether nothing but its status could make {@link Command#run()} throw. */
    boolean isFineBesidesItsStatus() {
        return endReason() == EndReason.OWN_EXIT && !overBound() && failure == null;
    }

    /** When the exit was seen, by the monotonic clock. */
    long exitNanos() {
        return end.exitNanos();
    }

    boolean overBound() {
        return end.stdout().overBound() || end.stderr().overBound();
    }

    /** What a failure that is not the program's own means, in a few words. */
    Optional<String> whyItFailedHere() {
        if (failure == null) {
            return Optional.empty();
        }
        if (failure == end.stdout().failure() || failure == end.stderr().failure()) {
            return Optional.of("a consumer of its output failed");
        }
        return Optional.of(
                failure == end.inputFailure()
                        ? "the stream for its standard input failed"
                        : String.valueOf(failure.getMessage()));
    }

    /** The last of standard output, for people: also of what went to a consumer. */
    String lastOfStdout() {
        return lastText(end.stdout().last(), command.stdoutCharset());
    }

    /** The last of standard error, for people: also of what went to a consumer. */
    String lastOfStderr() {
        return lastText(end.stderr().last(), command.stderrCharset());
    }

    /** Command, status, cause and duration on one line. */
    @Override
    public String toString() {
        String how = endReason() == EndReason.OWN_EXIT ? "" : " (" + endReason() + ")";
        return command.name() + " [" + pid + "]: " + status() + how + " after "
                + duration().toMillis() + " ms";
    }

    private static String lastText(byte[] bytes, Charset charset) {
        int from = Math.max(0, bytes.length - LAST_BYTES);
        return new String(bytes, from, bytes.length - from, charset);
    }

    private static String text(byte[] bytes, Charset charset) {
        return new String(bytes, charset);
    }
}
