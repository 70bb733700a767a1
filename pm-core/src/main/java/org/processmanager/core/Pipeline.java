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
 * Commands of which each writes into the next one's standard input, made by {@link Command#pipeTo}. An immutable value.
 *
 * <pre>{@code
 * String most = Command.of("cat", "words").pipeTo(Command.of("sort")).pipeTo(Command.of("uniq", "-c")).run().stdoutText();
 * }</pre>
 *
 * <p>The processes are connected by pipes of the system: nothing of what flows between them passes through the JVM, but on
 * the portable path, where a thread moves it. The
 * standard errors, the input of the first and the output of the last are what their commands say, with the defaults of
 * {@link Command#run()} and {@link Command#start()}.
 *
 * <p><b>When it has failed.</b> A stage has failed if its own command does not accept its end: unlike in a shell, any stage
 * counts. One exception: a stage before the last that ended by {@link Signal#PIPE}, or as shells and the portable path put
 * that, by exit code 141, has only been told that nobody reads on, as in {@code yes | head -1}, and has not failed. A program
 * that catches that and ends with a code of its own has failed, unless its command
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
     * A copy with one more stage, which reads what the last one writes.
     *
     * @param next the new last stage
     * @return the copy
     * @throws IllegalArgumentException if the last one's standard output or the new one's standard input was set to
     *     something else, or the new one belongs to another manager than those before it
     */
    public Pipeline pipeTo(Command next) {
        Objects.requireNonNull(next, "next");
        Command last = stages.get(stages.size() - 1);
        if (last.spec().stdout() != null) {
            throw new IllegalArgumentException("stdout: of " + last.name() + " was set, and cannot go to " + next.name()
                    + " too (expected: nothing said of it)");
        }
        if (next.spec().stdin() != InputSpec.EMPTY) {
            throw new IllegalArgumentException("stdin: of " + next.name() + " was set, and cannot come from "
                    + last.name() + " too (expected: nothing said of it)");
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
     * A copy whose whole call is bounded: each stage ends after the time as if it were its own
     * {@linkplain Command#timeout(Duration) timeout}, unless that is shorter.
     *
     * @param timeout the bound, from the launch
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Pipeline timeout(Duration timeout) {
        return new Pipeline(stages, manager, CommandChecks.positive("timeout", timeout), acceptAnyExit);
    }

    /**
     * A copy for which {@link #run()} returns every result.
     *
     * @return the copy
     */
    public Pipeline acceptAnyExit() {
        return new Pipeline(stages, manager, timeout, true);
    }

    /**
     * The commands, the first one first.
     *
     * @return an unmodifiable list
     */
    public List<Command> stages() {
        return stages;
    }

    /**
     * The bound of the whole call.
     *
     * @return what {@link #timeout(Duration)} set
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * Runs the pipeline, waits for the end of all its stages and returns what they left.
     *
     * @return the result
     * @throws LaunchException if a stage cannot be started; those that ran already were killed, and nothing is left behind
     * @throws ProcessFailedException if a stage failed, with its result; of several, that which ended first. Never with
     *     {@link #acceptAnyExit}
     * @throws InterruptedException if interrupted while waiting; all stages and their descendants have then been stopped, each
     *     by its command's {@linkplain Command#stopPolicy stop policy} and within its bounds, all at the same time
     * @throws IllegalStateException if the manager is closed, or standard input is {@link Input#pipe()}
     */
    public PipelineResult run() throws InterruptedException {
        for (Command stage : stages) {
            CommandChecks.runnable(stage.spec());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException(this + " was not started: its caller is interrupted");
        }
        PipelineResult result = start(Output.capture()).awaitOrStop();
        if (!acceptAnyExit && result.failed().isPresent()) {
            throw new ProcessFailedException(result.failed().get(), result);
        }
        return result;
    }

    /**
     * Starts all stages and returns at once.
     *
     * @return the processes, for which the manager answers
     * @throws LaunchException if a stage cannot be started; those that ran already were killed, and nothing is left behind
     * @throws IllegalStateException if the manager is closed
     */
    public ManagedPipeline start() {
        return start(Output.TAIL);
    }

    /** The names of the stages, as a shell would connect them. */
    @Override
    public String toString() {
        return stages.stream().map(Command::name).collect(Collectors.joining(" | "));
    }

    private ManagedPipeline start(Output unlessSaid) {
        List<Command> bounded = stages.stream().map(this::bounded).toList();
        List<LaunchSpec> specs = bounded.stream()
                .map(command -> command.spec().ready(unlessSaid.spec()))
                .toList();
        ProcessManager runsOn = manager != null ? manager : ProcessManager.shared();
        return new ManagedPipeline(toString(), runsOn.startPipeline(bounded, specs));
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
