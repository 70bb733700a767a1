package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a process and its descendants are ended: a ladder of steps, each with its own bound. A step is over as soon as none
 * of them lives; if some do when its bound is over, the next step follows.
 *
 * @param steps from the gentlest to the last
 */
@CheckReturnValue
public record StopPolicy(List<Step> steps) {
    private static final StopPolicy STANDARD = of(
            Step.closeStdin(Duration.ofMillis(500)),
            Step.signal(Signal.TERM, Duration.ofSeconds(5)),
            Step.signal(Signal.KILL, Duration.ofSeconds(5)));
    private static final StopPolicy KILL = of(Step.signal(Signal.KILL, Duration.ofSeconds(5)));

    /**
     * One step of the ladder.
     *
     * @param signal what is sent, or null where standard input is closed instead
     * @param bound how long the processes have to end
     */
    public record Step(@Nullable Signal signal, Duration bound) {
        /**
         * Checks the bound.
         *
         * @param signal what is sent, or null
         * @param bound how long the processes have to end
         * @throws IllegalArgumentException if the bound is negative
         */
        public Step {
            Objects.requireNonNull(bound, "bound");
            if (bound.isNegative()) {
                throw new IllegalArgumentException("bound: " + bound + " (expected: 0 or more)");
            }
        }

        /**
         * Closes the program's standard input, which many programs take as the end of their work. Skipped where no pipe
         * of ours is open.
         *
         * @param bound how long the processes have to end
         * @return the step
         */
        public static Step closeStdin(Duration bound) {
            return new Step(null, bound);
        }

        /**
         * Sends a signal once to every process of the tree, and {@link Signal#CONT} to those that are halted.
         *
         * @param signal any signal; the portable path knows TERM and KILL
         * @param bound how long the processes have to end
         * @return the step
         */
        public static Step signal(Signal signal, Duration bound) {
            return new Step(Objects.requireNonNull(signal, "signal"), bound);
        }

        /** As {@code close stdin} or {@code TERM}. */
        @Override
        public String toString() {
            return signal == null ? "close stdin" : signal.name();
        }
    }

    /**
     * Checks the steps.
     *
     * @param steps from the gentlest to the last
     * @throws IllegalArgumentException if there is none
     */
    public StopPolicy {
        steps = List.copyOf(Objects.requireNonNull(steps, "steps"));
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("steps: none (expected: at least one)");
        }
    }

    /**
     * A ladder of one's own. End it with {@link Signal#KILL}, or processes may survive it.
     *
     * @param steps from the gentlest to the last
     * @return the policy
     * @throws IllegalArgumentException if there is none
     */
    public static StopPolicy of(Step... steps) {
        return new StopPolicy(List.of(Objects.requireNonNull(steps, "steps")));
    }

    /**
     * What is used where nothing else is said: close stdin (half a second), TERM (5 s), KILL (5 s).
     *
     * @return the policy
     */
    public static StopPolicy defaults() {
        return STANDARD;
    }

    /**
     * KILL at once.
     *
     * @return the policy
     */
    public static StopPolicy immediateKill() {
        return KILL;
    }
}
