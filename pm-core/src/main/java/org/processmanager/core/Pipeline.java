package org.processmanager.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.manager.CommandChecks;

/**
 * Commands of which each writes to the standard input of the next, created by {@link Command#pipeTo}. Immutable.
 *
 * <pre>{@code
 * String most = Command.of("cat", "words").pipeTo(Command.of("sort")).pipeTo(Command.of("uniq", "-c")).run().stdoutText();
 * }</pre>
 *
 * <p>The processes are connected by pipes of the system: what flows between them does not pass through the JVM, except on the
 * portable path, where a thread copies it. The standard errors, the input of the first and the output of the last stage are
 * those of their commands, with the defaults of {@link Command#run()} and {@link Command#start()}.
 *
 * <p><b>Failure.</b> A stage has failed if its command does not accept its result. Unlike in a shell, any stage counts, with
 * one exception: a stage before the last that was killed by {@link Signal#PIPE}, or exited with code 141 as shells and the
 * portable path report that, only noticed that its reader had finished, as in {@code yes | head -1}, and has not failed. A
 * program that handles the signal and exits with another code has failed, unless its command
 * {@linkplain Command#acceptExitCodes accepts the code}.
 */
public final class Pipeline {
    private final List<Command> stages;
    private final @Nullable ProcessManager manager;
    private final @Nullable Duration timeout;
    private final boolean acceptAnyExit;

    private Pipeline(
            List<Command> stages, @Nullable ProcessManager manager, @Nullable Duration timeout, boolean acceptAnyExit) {
        this.stages = stages;
        this.manager = manager;
        this.timeout = timeout;
        this.acceptAnyExit = acceptAnyExit;
    }

    static Pipeline of(Command first, Command second) {
        return new Pipeline(List.of(first), first.ownManager(), null, false).pipeTo(second);
    }

    /**
     * Returns a copy with one more stage, which reads what the last one writes.
     *
     * @param next the new last stage
     * @return the copy
     * @throws IllegalArgumentException if the last one's standard output or the new one's standard input was set to
     *     something else, or the new one belongs to another manager than those before it
     */
    @CheckReturnValue
    public Pipeline pipeTo(Command next) {
        Objects.requireNonNull(next, "next");
        Command last = stages.get(stages.size() - 1);
        if (last.spec().stdout() != null) {
            throw new IllegalArgumentException("stdout: of " + last.name() + " was set, and cannot go to " + next.name()
                    + " too (expected: not set)");
        }
        if (next.spec().stdin() != InputSpec.EMPTY) {
            throw new IllegalArgumentException("stdin: of " + next.name() + " was set, and cannot come from "
                    + last.name() + " too (expected: not set)");
        }
        ProcessManager others = next.ownManager();
        if (manager != null && others != null && manager != others) {
            throw new IllegalArgumentException("next: " + next.name()
                    + " belongs to another ProcessManager (expected: that of the stages before it, or none)");
        }
        List<Command> longer = new ArrayList<>(stages);
        longer.add(next);
        return new Pipeline(List.copyOf(longer), manager != null ? manager : others, timeout, acceptAnyExit);
    }

    /**
     * Returns a copy that is bounded as a whole: each stage has this {@linkplain Command#timeout(Duration) timeout}, unless its
     * own is shorter.
     *
     * @param timeout the bound, from the launch
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    @CheckReturnValue
    public Pipeline timeout(Duration timeout) {
        return new Pipeline(stages, manager, CommandChecks.positive("timeout", timeout), acceptAnyExit);
    }

    /**
     * Returns a copy for which {@link #run()} returns every result.
     *
     * @return the copy
     */
    @CheckReturnValue
    public Pipeline acceptAnyExit() {
        return new Pipeline(stages, manager, timeout, true);
    }

    /**
     * Returns the commands, the first one first.
     *
     * @return an unmodifiable list
     */
    public List<Command> stages() {
        return stages;
    }

    /**
     * Returns the bound of the whole pipeline.
     *
     * @return what {@link #timeout(Duration)} set
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * Runs the pipeline, blocks until all stages have exited, and returns their results.
     *
     * @return the result
     * @throws LaunchException if a stage cannot be started; those that ran already were killed, and nothing is left behind
     * @throws ProcessFailedException if a stage failed, with the results of all stages; of several that failed it is about the
     *     one that exited first. Never with {@link #acceptAnyExit}
     * @throws InterruptedException if interrupted while waiting; all stages and their descendants have then been stopped, each
     *     by its command's {@linkplain Command#stopPolicy stop policy} and within its bounds, all at the same time
     * @throws IllegalStateException if the manager is closed, or a stream is {@link Input#pipe()} or {@link Output#pipe()}
     */
    public PipelineResult run() throws InterruptedException {
        for (Command stage : stages) {
            CommandChecks.runnable(stage.spec());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException(this + " was not started: its caller is interrupted");
        }
        PipelineResult result = start(Output.capture(), true).awaitOrStop();
        if (!acceptAnyExit && result.failed().isPresent()) {
            throw new ProcessFailedException(result.failed().get(), result);
        }
        return result;
    }

    /**
     * Starts all stages and returns at once.
     *
     * @return the processes, owned by the manager
     * @throws LaunchException if a stage cannot be started; those that ran already were killed, and nothing is left behind
     * @throws IllegalStateException if the manager is closed
     */
    public ManagedPipeline start() {
        return start(Output.TAIL, false);
    }

    /** Returns the names of the stages, connected as in a shell. */
    @Override
    public String toString() {
        return stages.stream().map(Command::name).collect(Collectors.joining(" | "));
    }

    private ManagedPipeline start(Output byDefault, boolean runs) {
        List<Command> bounded = stages.stream().map(this::bounded).toList();
        List<LaunchSpec> specs = bounded.stream()
                .map(command -> command.spec().ready(byDefault.spec()))
                .toList();
        ProcessManager runsOn = manager != null ? manager : ProcessManager.shared();
        return new ManagedPipeline(toString(), runsOn.startPipeline(bounded, specs, runs));
    }

    private Command bounded(Command stage) {
        Duration whole = timeout;
        if (whole == null
                || stage.timeout().filter(own -> own.compareTo(whole) <= 0).isPresent()) {
            return stage;
        }
        return stage.timeout(Objects.requireNonNull(whole));
    }
}
