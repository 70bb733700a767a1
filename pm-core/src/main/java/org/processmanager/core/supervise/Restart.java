package org.processmanager.core.supervise;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.internal.manager.CommandChecks;
import org.processmanager.core.internal.util.DurationText;
import org.processmanager.core.internal.util.Nanos;

/**
 * When a program or thread is started again after its end, how long after it, and how often at most. An immutable value.
 *
 * <p>The delay doubles with each restart in a row, from 100 ms up to 30 s unless {@link #backOff} says otherwise. After a run
 * that was at least as long as the longest delay it begins at the first one again. Each delay is shortened by a random part, by
 * default up to a tenth, so that programs that failed together do not all restart at the same moment.
 */
@CheckReturnValue
public final class Restart {
    private enum When {
        NEVER,
        ON_FAILURE,
        ALWAYS
    }

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final double JITTER = 0.1;
    private static final int MOST_DOUBLINGS = 62;
    private static final int UNLIMITED = -1;

    private static final Restart NEVER = new Restart(When.NEVER, FIRST, LONGEST, JITTER, UNLIMITED, Duration.ZERO);
    private static final Restart ON_FAILURE =
            new Restart(When.ON_FAILURE, FIRST, LONGEST, JITTER, UNLIMITED, Duration.ZERO);
    private static final Restart ALWAYS = new Restart(When.ALWAYS, FIRST, LONGEST, JITTER, UNLIMITED, Duration.ZERO);

    private final When when;
    private final Duration first;
    private final Duration longest;
    private final double jitter;
    private final int limit;
    private final Duration window;

    private Restart(When when, Duration first, Duration longest, double jitter, int limit, Duration window) {
        this.when = when;
        this.first = first;
        this.longest = longest;
        this.jitter = jitter;
        this.limit = limit;
        this.window = window;
    }

    /**
     * Returns the rule that nothing is started again.
     *
     * @return the rule
     */
    public static Restart never() {
        return NEVER;
    }

    /**
     * Returns the rule that it is started again unless it ended with success: with an accepted exit code, by returning, or
     * because it was stopped. A stop that this JVM asks for by {@link org.processmanager.core.ManagedProcess#stop()} or
     * {@link org.processmanager.core.ManagedProcess#kill()} is such a success, so there is no restart. An exit by a signal, as
     * by {@code signal(Signal.KILL)}, is a failure, and the process is started again.
     *
     * @return the rule
     */
    public static Restart onFailure() {
        return ON_FAILURE;
    }

    /**
     * Returns the rule that it is started again after each end, also after success.
     *
     * @return the rule
     */
    public static Restart always() {
        return ALWAYS;
    }

    /**
     * Returns a copy with other delays.
     *
     * @param first the delay before the first restart in a row; zero restarts at once
     * @param longest the longest delay
     * @return the copy
     * @throws IllegalArgumentException if the first one is negative, or the longest one is not positive or shorter than the
     *     first
     */
    public Restart backOff(Duration first, Duration longest) {
        CommandChecks.notNegative("first", first);
        if (CommandChecks.positive("longest", longest).compareTo(first) < 0) {
            throw new IllegalArgumentException("longest: " + longest + " (expected: at least first, " + first + ")");
        }
        return new Restart(when, first, longest, jitter, limit, window);
    }

    /**
     * Returns a copy with another random part of the delays.
     *
     * @param fraction by which a delay is shortened at most, from 0 to 1
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Restart jitter(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction: " + fraction + " (expected: 0 to 1)");
        }
        return new Restart(when, first, longest, fraction, limit, window);
    }

    /**
     * Returns a copy with a limit: instead of one more restart, a {@link Supervisor} gives up, stops all its children and ends.
     * There is no limit by default.
     *
     * @param restarts the most restarts
     * @param within the time in which they are counted
     * @return the copy
     * @throws IllegalArgumentException if the number is negative or the time not positive
     */
    public Restart atMost(int restarts, Duration within) {
        if (restarts < 0) {
            throw new IllegalArgumentException("restarts: " + restarts + " (expected: >= 0)");
        }
        return new Restart(when, first, longest, jitter, restarts, CommandChecks.positive("within", within));
    }

    /**
     * Returns whether there is a restart after an end, apart from the limit.
     *
     * @param success whether it ended with success
     * @return whether it is started again
     */
    public boolean restartsAfter(boolean success) {
        return when == When.ALWAYS || when == When.ON_FAILURE && !success;
    }

    /**
     * Returns the delay before a restart.
     *
     * @param restart the number of restarts in a row before this one, from 0
     * @param random from 0, for the whole delay, to 1, for the shortest one
     * @return the delay, at most {@link #longestDelay()}
     */
    public Duration delay(int restart, double random) {
        long firstNanos = Nanos.of(first);
        long longestNanos = Nanos.of(longest);
        int doublings = Math.min(restart, MOST_DOUBLINGS);
        long nanos = firstNanos > longestNanos >> doublings ? longestNanos : firstNanos << doublings;
        return Duration.ofNanos((long) (nanos * (1 - jitter * random)));
    }

    /**
     * Returns the longest delay; a run of that length begins a new row of restarts.
     *
     * @return the delay
     */
    public Duration longestDelay() {
        return longest;
    }

    /**
     * Returns the limit of restarts.
     *
     * @return the most restarts within {@link #window()}; empty if there is no limit
     */
    public OptionalInt limit() {
        return limit == UNLIMITED ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    /**
     * Returns the time in which restarts are counted.
     *
     * @return the time; zero if there is no limit
     */
    public Duration window() {
        return window;
    }

    /** Returns when, the delays, and the limit. */
    @Override
    public String toString() {
        String text = when.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (when != When.NEVER) {
            text += " after " + DurationText.of(first) + " to " + DurationText.of(longest);
        }
        return limit == UNLIMITED ? text : text + ", at most " + limit + " times in " + DurationText.of(window);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Restart that
                && when == that.when
                && first.equals(that.first)
                && longest.equals(that.longest)
                && jitter == that.jitter
                && limit == that.limit
                && window.equals(that.window);
    }

    @Override
    public int hashCode() {
        return Objects.hash(when, first, longest, jitter, limit, window);
    }
}
