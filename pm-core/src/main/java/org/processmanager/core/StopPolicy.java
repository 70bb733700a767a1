package org.processmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a process and its descendants are ended: a ladder of rungs, each with its own bound. A rung is over as soon as none
 * of them lives; if some do when its bound is over, the next rung follows.
 *
 * @param rungs from the gentlest to the last
 */
public record StopPolicy(List<Rung> rungs) {
    private static final StopPolicy STANDARD = of(
            Rung.closeStdin(Duration.ofMillis(500)),
            Rung.signal(Signal.TERM, Duration.ofSeconds(5)),
            Rung.signal(Signal.KILL, Duration.ofSeconds(5)));
    private static final StopPolicy KILL = of(Rung.signal(Signal.KILL, Duration.ofSeconds(5)));

    /**
     * One step of the ladder.
     *
     * @param signal what is sent, or null where standard input is closed instead
     * @param bound how long the processes have to end
     */
    public record Rung(@Nullable Signal signal, Duration bound) {
        /**
         * Checks the bound.
         *
         * @param signal what is sent, or null
         * @param bound how long the processes have to end
         * @throws IllegalArgumentException if the bound is negative
         */
        public Rung {
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
         * @return the rung
         */
        public static Rung closeStdin(Duration bound) {
            return new Rung(null, bound);
        }

        /**
         * Sends a signal once to every process of the tree, and {@link Signal#CONT} to those that are halted.
         *
         * @param signal any signal; the portable path knows TERM and KILL
         * @param bound how long the processes have to end
         * @return the rung
         */
        public static Rung signal(Signal signal, Duration bound) {
            return new Rung(Objects.requireNonNull(signal, "signal"), bound);
        }

        /** As {@code close stdin} or {@code TERM}. */
        @Override
        public String toString() {
            return signal == null ? "close stdin" : signal.name();
        }
    }

    /**
     * Checks the rungs.
     *
     * @param rungs from the gentlest to the last
     * @throws IllegalArgumentException if there is none
     */
    public StopPolicy {
        rungs = List.copyOf(Objects.requireNonNull(rungs, "rungs"));
        if (rungs.isEmpty()) {
            throw new IllegalArgumentException("rungs: none (expected: at least one)");
        }
    }

    /**
     * A ladder of one's own. End it with {@link Signal#KILL}, or processes may survive it.
     *
     * @param rungs from the gentlest to the last
     * @return the policy
     * @throws IllegalArgumentException if there is none
     */
    public static StopPolicy of(Rung... rungs) {
        return new StopPolicy(List.of(Objects.requireNonNull(rungs, "rungs")));
    }

    /**
     * What is used where nothing else is said: close stdin (half a second), TERM (5 s), KILL (5 s).
     *
     * @return the policy
     */
    public static StopPolicy standard() {
        return STANDARD;
    }

    /**
     * KILL at once.
     *
     * @return the policy
     */
    public static StopPolicy killAtOnce() {
        return KILL;
    }
}
