package org.processmanager.core;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.stream.Captured;

/** The exit status of a process, the reason of its end, and what was kept of its output. Immutable. */
public final class ProcessResult {
    /** Enough for the last lines in a message, in any charset. */
    private static final int LAST_BYTES = 8 * 1024;
    /** Exit code by which shells and the JDK report a program that was killed by SIGPIPE: 128 + 13. */
    private static final int BROKEN_PIPE_CODE = 141;

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
                + " had not accepted everything before "
                + (inTime
                        ? "the timeout of "
                                + command.timeout().map(Object::toString).orElse("?")
                        : "the end of the stop"));
    }

    /**
     * Returns the command that was started.
     *
     * @return the command
     */
    public Command command() {
        return command;
    }

    /**
     * Returns the pid that the process had; another process may have it by now.
     *
     * @return the process id
     */
    public long pid() {
        return pid;
    }

    /**
     * Returns how the process exited: by a code, by a signal, or unknown.
     *
     * @return the status
     */
    public ExitStatus status() {
        return end.status();
    }

    /**
     * Returns the exit code of a process that exited by itself. For all cases at once see {@link #status()}.
     *
     * @return 0 to 255
     * @throws IllegalStateException if there is none; the message says why, for example "killed by SIGKILL"
     */
    public int exitCode() {
        if (status() instanceof ExitStatus.Exited exited) {
            return exited.code();
        }
        String why = status() instanceof ExitStatus.Signaled signaled
                ? "killed by " + signaled.signal().longName()
                : status().toString();
        throw new IllegalStateException("no exit code of " + command.name() + " [" + pid + "]: " + why);
    }

    /**
     * Returns whether the process exited by itself, with an {@linkplain Command#acceptExitCodes accepted} exit code (0 unless
     * the command says otherwise), and nothing failed in this JVM. {@link Command#acceptAnyExit} has no influence.
     *
     * @return true if {@link Command#run()} without {@code acceptAnyExit} would return this result
     */
    public boolean isSuccess() {
        return status() instanceof ExitStatus.Exited exited
                && command.spec().acceptedExitCodes().contains(exited.code())
                && hasOnlyStatusFailure();
    }

    /**
     * Returns why the process ended.
     *
     * @return the reason
     */
    public EndReason endReason() {
        return end.endReason();
    }

    /**
     * Returns what was kept of standard output; empty unless the command keeps some.
     *
     * @return a copy
     */
    public byte[] stdout() {
        return end.stdout().bytes().clone();
    }

    /**
     * Returns what was kept of standard error; empty unless the command keeps some.
     *
     * @return a copy
     */
    public byte[] stderr() {
        return end.stderr().bytes().clone();
    }

    /**
     * Returns what was kept of standard output, in the {@linkplain Output#charset stream's} or
     * {@linkplain Command#charset command's} charset.
     *
     * @return the text; malformed input is replaced
     */
    public String stdoutText() {
        return new String(end.stdout().bytes(), charset(command.spec().stdout()));
    }

    /**
     * Returns what was kept of standard error, in the {@linkplain Output#charset stream's} or
     * {@linkplain Command#charset command's} charset.
     *
     * @return the text; malformed input is replaced
     */
    public String stderrText() {
        return new String(end.stderr().bytes(), charset(command.spec().stderr()));
    }

    /**
     * Returns the lines of {@link #stdoutText()}, without their line terminators.
     *
     * @return an unmodifiable list
     */
    public List<String> stdoutLines() {
        return stdoutText().lines().toList();
    }

    /**
     * Returns the lines of {@link #stderrText()}, without their line terminators.
     *
     * @return an unmodifiable list
     */
    public List<String> stderrLines() {
        return stderrText().lines().toList();
    }

    /**
     * Returns whether one of the streams had more than was kept, or than a consumer accepted in time. It does not report output
     * of other processes after the exit: see {@link #streamsIncomplete()}.
     *
     * @return true if something is missing of what was read
     */
    public boolean truncated() {
        return end.stdout().truncated() || end.stderr().truncated();
    }

    /**
     * Returns the time from the launch to the exit.
     *
     * @return the duration
     */
    public Duration duration() {
        return end.duration();
    }

    /**
     * Returns what the process used.
     *
     * @return the usage; empty where the system does not report it, as through ProcessBuilder
     */
    public Optional<ResourceUsage> usage() {
        return end.usage();
    }

    /**
     * Returns whether an output stream was closed in this JVM before its end, because another process held it open longer than
     * the {@linkplain Command#streamGrace grace} or the timeout: what that process writes later is lost. Not a failure, since
     * programs leave such processes behind on purpose; {@link Command#awaitEndOfStreams} reads all of it.
     *
     * @return true if output may be missing that the process itself did not write
     */
    public boolean streamsIncomplete() {
        return end.streamsIncomplete();
    }

    /**
     * Returns the processes that still had an output stream of this one open when it was {@linkplain #streamsIncomplete closed
     * before its end}: children that it left behind. They continue to run, but can no longer write to that stream.
     *
     * @return their pids; empty in the ordinary case, and where they cannot be determined, for example without {@code /proc}
     *     or for processes of another user
     */
    public List<Long> pipeHolders() {
        return end.pipeHolders();
    }

    /**
     * Returns the report of the last stop of the process and its descendants that had something to stop: after a timeout, an
     * interrupt, {@link ManagedProcess#stop()} or the closing of its manager.
     *
     * @return the report; empty if there was none
     */
    public Optional<StopReport> stopReport() {
        return end.stopReport();
    }

    /**
     * Returns what went wrong with the streams of the process in this JVM, whatever the exit status is. It makes
     * {@link Command#run()} throw; after {@link Command#start()} it is reported here only.
     *
     * @return what a consumer of output threw, or the stream that input was read from; a {@link TimeoutException} if a
     *     consumer had not accepted everything when the command's {@linkplain Command#timeout(Duration) timeout} was over;
     *     empty in the ordinary case
     */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns whether {@link Command#run()} returns this result; else it throws. */
    boolean accepted() {
        return command.spec().acceptsAnyExit() || isSuccess();
    }

    /** Returns whether nothing but its exit status could make {@link Command#run()} throw. */
    boolean hasOnlyStatusFailure() {
        return endReason() == EndReason.OWN_EXIT && !limitExceeded() && failure == null;
    }

    /** Returns whether the process was ended by SIGPIPE, since nothing read what it wrote any longer. */
    boolean endedBySigpipe() {
        return status() instanceof ExitStatus.Signaled signaled
                        && signaled.signal().equals(Signal.PIPE)
                || status().isExit(BROKEN_PIPE_CODE);
    }

    /** Returns when the exit was observed, by the monotonic clock. */
    long exitNanos() {
        return end.exitNanos();
    }

    boolean limitExceeded() {
        return end.stdout().limitExceeded() || end.stderr().limitExceeded();
    }

    /** Describes a failure in this JVM in a few words. */
    Optional<String> localFailure() {
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

    /** Returns the last of standard output for a message, also of what a consumer received. */
    String lastOfStdout() {
        return lastText(end.stdout().last(), charset(command.spec().stdout()));
    }

    /** Returns the last of standard error for a message, also of what a consumer received. */
    String lastOfStderr() {
        return lastText(end.stderr().last(), charset(command.spec().stderr()));
    }

    /** Returns command, pid, status, end reason and duration on one line. */
    @Override
    public String toString() {
        String how = endReason() == EndReason.OWN_EXIT ? "" : " (" + endReason() + ")";
        return command.name() + " [" + pid + "]: " + status() + how + " after "
                + duration().toMillis() + " ms";
    }

    private Charset charset(@Nullable OutputSpec output) {
        return command.spec().charset(output);
    }

    private static String lastText(byte[] bytes, Charset charset) {
        int from = Math.max(0, bytes.length - LAST_BYTES);
        return new String(bytes, from, bytes.length - from, charset);
    }
}
