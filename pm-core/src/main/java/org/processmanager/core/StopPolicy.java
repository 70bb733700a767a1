package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a process and its descendants are stopped: steps that follow one another, each with its own bound. A step is over as
 * soon as none of the processes is alive; if some are when its bound is over, the next step follows.
 *
 * <pre>{@code
 * StopPolicy graceful = StopPolicy.of(
 *         StopPolicy.step("shutdown request", process -> client.shutdown(), Duration.ofSeconds(10)),
 *         Step.signal(Signal.TERM, Duration.ofSeconds(5)),
 *         Step.signal(Signal.KILL, Duration.ofSeconds(5)));
 * }</pre>
 *
 * @param steps the steps, in their order
 */
@CheckReturnValue
public record StopPolicy(List<Step> steps) {
    private static final StopPolicy DEFAULTS = of(
            Step.closeStdin(Duration.ofMillis(500)),
            Step.signal(Signal.TERM, Duration.ofSeconds(5)),
            Step.signal(Signal.KILL, Duration.ofSeconds(5)));
    private static final StopPolicy KILL = of(Step.signal(Signal.KILL, Duration.ofSeconds(5)));
    private static final Duration DEFAULT_BOUND = Duration.ofSeconds(5);

    /** Code that asks a process to exit, for a {@linkplain StopPolicy#step(String, Action, Duration) step}. */
    @FunctionalInterface
    public interface Action {
        /**
         * Asks a process to exit. Called once in each stop, on a thread of the library; may block. Interrupted when the step
         * is over.
         *
         * @param process the process: a {@link ManagedProcess} if a manager started it, else an {@link AdoptedProcess}
         * @throws Exception if asking failed; it is logged, and the next step follows at once
         */
        void run(OsProcess process) throws Exception;
    }

    /** One step of a policy. */
    public sealed interface Step {
        /**
         * Returns how long the processes have to exit. With zero, they are looked at once, right after the signal: some may
         * be reported as survivors that exit a moment later.
         *
         * @return the bound, from the beginning of the step; not negative
         */
        Duration bound();

        /**
         * Returns the signal that the step sends.
         *
         * @return the signal; empty if it sends none
         */
        default Optional<Signal> signal() {
            return Optional.empty();
        }

        /**
         * Returns the code that the step runs.
         *
         * @return the action; empty if it runs none
         */
        default Optional<Action> action() {
            return Optional.empty();
        }

        /**
         * Returns a step that closes the standard input of the process, which many programs take as a request to exit. Skipped
         * where no pipe of this library is open.
         *
         * @param bound how long the processes have to exit
         * @return the step
         * @throws IllegalArgumentException if the bound is negative
         */
        static Step closeStdin(Duration bound) {
            return new CloseStdin(bound);
        }

        /**
         * Returns a step that sends a signal once to every process, and {@link Signal#CONT} to those that are suspended.
         * {@link Signal#KILL} is sent repeatedly, until none is left.
         *
         * @param signal any signal; the portable path supports TERM and KILL
         * @param bound how long the processes have to exit
         * @return the step
         * @throws IllegalArgumentException if the bound is negative
         */
        static Step signal(Signal signal, Duration bound) {
            return new SendSignal(signal, bound);
        }
    }

    private record CloseStdin(Duration bound) implements Step {
        CloseStdin {
            checkBound(bound);
        }

        @Override
        public String toString() {
            return "close stdin";
        }
    }

    private record SendSignal(Signal value, Duration bound) implements Step {
        SendSignal {
            Objects.requireNonNull(value, "signal");
            checkBound(bound);
        }

        @Override
        public Optional<Signal> signal() {
            return Optional.of(value);
        }

        @Override
        public String toString() {
            return value.name();
        }
    }

    private record RunAction(String name, Action code, Duration bound) implements Step {
        RunAction {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(code, "action");
            checkBound(bound);
        }

        @Override
        public Optional<Action> action() {
            return Optional.of(code);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static void checkBound(Duration bound) {
        if (Objects.requireNonNull(bound, "bound").isNegative()) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: 0 or more)");
        }
    }

    /**
     * Checks the steps.
     *
     * @param steps the steps, in their order
     * @throws IllegalArgumentException if there is none
     */
    public StopPolicy {
        steps = List.copyOf(Objects.requireNonNull(steps, "steps"));
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("steps: none (expected: at least one)");
        }
    }

    /**
     * Returns a policy of these steps. If the last one is not {@link Signal#KILL}, processes may survive it.
     *
     * @param steps the steps, in their order
     * @return the policy
     * @throws IllegalArgumentException if there is none
     */
    public static StopPolicy of(Step... steps) {
        return new StopPolicy(List.of(Objects.requireNonNull(steps, "steps")));
    }

    /**
     * Returns a step that runs code which asks the process to exit, as {@link #step(String, Action, Duration)} does, with a
     * bound of 5 s.
     *
     * @param name the name of the step in reports and logs
     * @param action the code
     * @return the step
     */
    public static Step step(String name, Action action) {
        return step(name, action, DEFAULT_BOUND);
    }

    /**
     * Returns a step that runs code which asks the process to exit, for example by a request to its server or a line on its
     * standard input. The step waits for the exit of all processes, also when the code has returned. If the code throws, that
     * is logged and the next step follows at once; if it has not returned when the step is over, its thread is interrupted and
     * not waited for.
     *
     * @param name the name of the step in reports and logs
     * @param action the code
     * @param bound how long the processes have to exit, from the call of the code
     * @return the step
     * @throws IllegalArgumentException if the bound is negative
     */
    public static Step step(String name, Action action, Duration bound) {
        return new RunAction(name, action, bound);
    }

    /**
     * Returns the default policy: close stdin (500 ms), TERM (5 s), KILL (5 s).
     *
     * @return the policy
     */
    public static StopPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Returns the policy that sends KILL at once.
     *
     * @return the policy
     */
    public static StopPolicy immediateKill() {
        return KILL;
    }
}
