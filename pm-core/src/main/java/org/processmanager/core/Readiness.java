package org.processmanager.core;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.NotReadyException.Reason;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.ready.ListeningPort;
import org.processmanager.core.internal.ready.ReadyPipe;
import org.processmanager.core.internal.stream.WatchableSink;
import org.processmanager.core.internal.util.DurationText;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/**
 * What a command waits for until its process is ready, and for how long at most.
 *
 * <p>Lines are matched as they arrive. Everything else is checked with pauses that grow from 1 to 50 ms; the exit of the
 * process ends a pause.
 */
record Readiness(Ready ready, Duration timeout) {
    /** The environment variable that announces the descriptor of {@link Ready#fd()}. */
    private static final String VARIABLE = "PM_RESOURCE_READY";

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A process whose output has ended usually exits. */
    private static final long EXIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * Returns the values as text: a condition, its value and its flags, and the timeout.
     *
     * @throws IllegalArgumentException if the condition is code
     */
    Map<String, String> stored() {
        Map<String, String> stored = new HashMap<>(Map.of("ready.timeout", timeout.toString()));
        if (ready.condition() instanceof Ready.Line line) {
            stored.put("ready.line", line.pattern().pattern());
            stored.put("ready.flags", Integer.toString(line.pattern().flags()));
        } else if (ready.condition() instanceof Ready.Port port) {
            stored.put("ready.port", Integer.toString(port.number()));
        } else if (ready.condition() instanceof Ready.FileExists exists) {
            stored.put("ready.file", PathText.of(exists.file()));
        } else if (ready.condition() instanceof Ready.Descriptor) {
            stored.put("ready.fd", "");
        } else {
            throw new IllegalArgumentException("command: ready when there is " + ready
                    + " (expected: a line, port, file or descriptor; a probe may not outlive this JVM)");
        }
        return stored;
    }

    ManagedProcess start(Command command, ProcessManager manager) {
        LaunchSpec spec = command.spec();
        LaunchSpec launched = spec.withStreams(spec.stdin(), keeping(spec.stdout()), keeping(spec.stderr()));
        if (!(ready.condition() instanceof Ready.Descriptor)) {
            return manager.start(command, launched.ready(Output.TAIL.spec()));
        }
        ReadyPipe pipe = new ReadyPipe();
        boolean started = false;
        try {
            ManagedProcess process =
                    manager.start(command, launched.withResource(VARIABLE, pipe).ready(Output.TAIL.spec()));
            process.readyPipe(pipe);
            started = true;
            return process;
        } finally {
            if (!started) {
                pipe.close();
            }
        }
    }

    /** Returns an output that also keeps its end, for lines that were written before the search began and for messages. */
    private static @Nullable OutputSpec keeping(@Nullable OutputSpec output) {
        if (output == null || !output.needsPipe() || output.keeps()) {
            return output;
        }
        List<OutputSpec> parts = new ArrayList<>(output.parts());
        parts.add(new OutputSpec.Tail(Output.TAIL_BYTES, output.charset()));
        return new OutputSpec.Tee(List.copyOf(parts));
    }

    /**
     * Rejects a command whose process could never be ready.
     *
     * @throws IllegalStateException if a line is awaited and no output comes through this JVM
     */
    void check(LaunchSpec spec) {
        boolean readsOutput = isRead(spec.stdout()) || isRead(spec.stderr());
        if (ready.condition() instanceof Ready.Line && !readsOutput) {
            throw new IllegalStateException("cannot wait for " + ready + ": no output of " + spec.name()
                    + " comes through this JVM; let it, for example by Output.inherit().and(Output.tail(..))");
        }
    }

    private static boolean isRead(@Nullable OutputSpec output) {
        return output == null || output.needsPipe();
    }

    /**
     * Starts the process and waits until it is ready; stops it in any other case.
     *
     * @throws InterruptedException if interrupted; the process has then been stopped
     */
    ManagedProcess startReady(Command command, ProcessManager manager) throws InterruptedException {
        check(command.spec());
        if (Thread.interrupted()) {
            throw new InterruptedException(command.name() + " was not started: its caller is interrupted");
        }
        ManagedProcess process = start(command, manager);
        NotReady seen;
        boolean stopped = true;
        boolean isReady = false;
        try {
            seen = new Wait(process).await();
            isReady = seen == null;
            stopped = process.isAlive();
        } finally {
            if (!isReady) {
                process.stop();
            }
        }
        if (seen != null) {
            throw seen.exception(process, stopped);
        }
        return process;
    }

    /** Waits until a process is ready, which continues in any case. */
    void await(ManagedProcess process) throws InterruptedException {
        NotReady seen = new Wait(process).await();
        if (seen != null) {
            throw seen.exception(process, false);
        }
    }

    /** What was seen instead of a process that is ready. */
    private record NotReady(
            Readiness expected,
            Reason reason,
            String seen,
            long waitedNanos,
            @Nullable Throwable cause) {
        NotReadyException exception(ManagedProcess process, boolean stopped) {
            Optional<ProcessResult> result = process.completion().isDone()
                    ? Optional.of(process.completion().join())
                    : Optional.empty();
            Duration waited = Duration.ofNanos(waitedNanos);
            StringBuilder text = new StringBuilder(process.name())
                    .append(" [")
                    .append(process.pid())
                    .append("] is not ready after ")
                    .append(DurationText.of(waited))
                    .append(": ")
                    .append(seen)
                    .append(" (expected: ")
                    .append(PathText.printable(expected.ready.toString()))
                    .append(" within ")
                    .append(DurationText.of(expected.timeout))
                    .append(')');
            if (stopped) {
                text.append("; it was stopped");
            }
            result.ifPresent(end -> text.append("; ").append(end.status()));
            ProcessFailedException.appendLastLines(text, "stderr", lastOf(process, 2));
            ProcessFailedException.appendLastLines(text, "stdout", lastOf(process, 1));
            return new NotReadyException(text.toString(), reason, waited, result, cause);
        }

        private static String lastOf(ManagedProcess process, int stream) {
            WatchableSink sink = process.child().output(stream);
            LaunchSpec spec = process.command().spec();
            Charset charset = spec.charset(stream == 1 ? spec.stdout() : spec.stderr());
            return sink == null ? "" : new String(sink.retained(), charset);
        }
    }

    /** One wait for one process. */
    private final class Wait {
        private final ManagedProcess process;
        private final long startNanos = System.nanoTime();
        private final long timeoutNanos = Nanos.of(timeout);
        private String seen = "";
        private @Nullable Throwable cause;
        private @Nullable Future<Boolean> check;

        Wait(ManagedProcess process) {
            this.process = process;
        }

        /** Returns null if the process is ready. */
        @Nullable
        NotReady await() throws InterruptedException {
            if (ready.condition() instanceof Ready.Line line) {
                return awaitLine(line);
            }
            try {
                return awaitChecks();
            } finally {
                if (check != null) {
                    check.cancel(true);
                }
            }
        }

        private @Nullable NotReady awaitLine(Ready.Line line) throws InterruptedException {
            if (process.awaitLine(line.pattern(), timeout).isPresent()) {
                return null;
            }
            if (leftNanos() <= 0 && process.isAlive()) {
                return notReady(Reason.TIMED_OUT, "no line matches");
            }
            // Both outputs have ended: at an exit, the process completes soon.
            process.await(Duration.ofNanos(Math.min(leftNanos(), EXIT_NANOS)));
            return process.isAlive()
                    ? notReady(Reason.IMPOSSIBLE, "its output has ended and no line matches")
                    : exited();
        }

        private @Nullable NotReady awaitChecks() throws InterruptedException {
            long pauseNanos = FIRST_PAUSE_NANOS;
            while (true) {
                boolean alive = process.isAlive();
                Reason impossible = alive ? check() : Reason.EXITED;
                if (impossible == null) {
                    return null;
                }
                if (!alive) {
                    process.await(Duration.ofNanos(Math.max(leftNanos(), LONGEST_PAUSE_NANOS)));
                    return exited();
                }
                if (impossible != Reason.TIMED_OUT || leftNanos() <= 0) {
                    return notReady(impossible, seen);
                }
                process.await(Duration.ofNanos(Math.min(pauseNanos, leftNanos())));
                pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            }
        }

        /** Returns null if it is ready, TIMED_OUT if it is not yet, or why it never will be. */
        private @Nullable Reason check() throws InterruptedException {
            Ready.Condition condition = ready.condition();
            if (condition instanceof Ready.Port port) {
                return checkPort(port.number());
            } else if (condition instanceof Ready.FileExists file) {
                seen = "it does not exist";
                return Files.exists(file.file(), LinkOption.NOFOLLOW_LINKS) ? null : Reason.TIMED_OUT;
            } else if (condition instanceof Ready.Probed probed) {
                return checkProbe(probed.probe());
            }
            return checkDescriptor();
        }

        private @Nullable Reason checkPort(int port) {
            ListeningPort.State state = new ListeningPort().state(port, process.pid(), this::tree);
            seen = state == ListeningPort.State.CLOSED
                    ? "no process listens on port " + port
                    : "another process listens on port " + port;
            return state == ListeningPort.State.OPEN ? null : Reason.TIMED_OUT;
        }

        private List<Long> tree() {
            List<Long> pids = new ArrayList<>();
            pids.add(process.pid());
            process.descendants().forEach(descendant -> pids.add(descendant.pid()));
            return pids;
        }

        /** Runs the probe on a thread of the library, since it may block, for longer than the caller waits. */
        private @Nullable Reason checkProbe(Probe probe) throws InterruptedException {
            if (check == null) {
                check = Threads.WORKERS.submit(() -> probe.check(process));
                seen = seen.isEmpty() ? "the check has not returned" : seen;
            }
            try {
                boolean passed = check.get(Math.min(LONGEST_PAUSE_NANOS, leftNanos()), TimeUnit.NANOSECONDS);
                check = null;
                seen = "the check failed";
                return passed ? null : Reason.TIMED_OUT;
            } catch (TimeoutException e) {
                return Reason.TIMED_OUT;
            } catch (ExecutionException e) {
                check = null;
                cause = e.getCause();
                seen = "the check failed: " + PathText.printable(String.valueOf(cause));
                return Reason.TIMED_OUT;
            }
        }

        private @Nullable Reason checkDescriptor() {
            ReadyPipe pipe = process.readyPipe();
            ReadyPipe.State state = pipe == null ? ReadyPipe.State.ENDED : pipe.read();
            seen = state == ReadyPipe.State.ENDED ? "it closed the descriptor" : "it has not written to the descriptor";
            if (pipe != null && state == ReadyPipe.State.READY) {
                pipe.close();
                return null;
            }
            return state == ReadyPipe.State.ENDED ? Reason.IMPOSSIBLE : Reason.TIMED_OUT;
        }

        private long leftNanos() {
            return timeoutNanos - (System.nanoTime() - startNanos);
        }

        private NotReady exited() {
            return notReady(Reason.EXITED, seen.isEmpty() ? "it exited" : "it exited; before, " + seen);
        }

        private NotReady notReady(Reason reason, String what) {
            return new NotReady(Readiness.this, reason, what, System.nanoTime() - startNanos, cause);
        }
    }
}
