package org.processmanager.benchmarks.runner;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.processmanager.benchmarks.suite.MeasureTime;

/**
 * The number of rounds of a case and the time that each fork measures.
 *
 * <p>A quick run must finish in time on any machine: a fork measures for what remains after the known overhead of all
 * forks to come. At least three rounds are run.
 */
final class Budget {
    private static final Duration QUICK_CASE = Duration.ofSeconds(42); // of the 50 s that are documented
    private static final Duration QUICK_ENOUGH = Duration.ofSeconds(30); // no further round if it would finish later
    private static final int MIN_MILLIS = 200;
    private static final double INITIAL_OVERHEAD_MILLIS = 700;
    private static final Duration QUICK_WITH_TIMEOUT = Duration.ofSeconds(48); // if one fork was killed
    private static final long MIN_TIMEOUT_MILLIS = 4_000; // in addition to the known time of a fork
    private static final int TIMEOUT_FACTOR = 3; // forks may differ by this factor on a busy machine
    private static final long QUICK_PREPARATION_MILLIS = 20_000;
    private static final int PREPARATION_FACTOR = 5;
    private static final long FULL_TIMEOUT_MILLIS = 60_000;

    private final Extent extent;
    private final boolean quick;
    private final MeasureTime measureTime;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final int candidates;
    private final boolean sideBySide;
    private final Map<String, Double> overheadMillis = new HashMap<>();
    private double longestPreparationMillis;

    Budget(Extent extent, MeasureTime measureTime, int candidates, boolean sideBySide, LongSupplier nanoClock) {
        this.extent = extent;
        this.quick = extent.quick();
        this.measureTime = measureTime;
        this.candidates = candidates;
        this.sideBySide = sideBySide;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    /** Returns whether the case needs another round. */
    boolean hasRound(int done) {
        if (done < extent.minRounds()) {
            return true;
        }
        return done < extent.maxRounds() && elapsedMillis() * (done + 1) / done < QUICK_ENOUGH.toMillis();
    }

    int rounds() {
        return extent.minRounds();
    }

    /** Returns the minimum number of rounds after this one; the first round is 0. */
    int roundsAfter(int round) {
        return Math.max(0, rounds() - 1 - round);
    }

    /**
     * Returns the time that the next fork measures.
     *
     * @param toCome number of forks to run in the minimum number of rounds, including this one
     */
    int millis(int toCome) {
        if (!quick) {
            return measureTime.fullMillis();
        }
        if (measureTime.fixed() || sideBySide) {
            return measureTime.quickMillis();
        }
        double fits = (QUICK_CASE.toMillis() - elapsedMillis()) / Math.max(1, toCome) - overheadMillis();
        return (int) Math.max(MIN_MILLIS, Math.min(measureTime.quickMillis(), fits));
    }

    /** Returns the mean overhead, which is also assumed for candidates that have not run yet. */
    private double overheadMillis() {
        return overheadMillis.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(INITIAL_OVERHEAD_MILLIS);
    }

    /**
     * Records the duration of a successful fork, and the time that it was to measure. Time that it did not need is
     * available to all.
     */
    void took(String candidate, double forkMillis, int measuredMillis) {
        overheadMillis.put(candidate, forkMillis - measuredMillis);
    }

    double elapsedMillis() {
        return (nanoClock.getAsLong() - startNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /**
     * Returns the timeout for a fork of this candidate. In a quick run it is what others leave of the case's time if
     * they measure as briefly as possible, so that a hanging candidate takes time from the others, not from the user.
     *
     * @param toCome as in {@link #millis}
     */
    Duration timeout(String candidate, int measuredMillis, int toCome) {
        if (!quick) {
            return Duration.ofMillis(FULL_TIMEOUT_MILLIS + measuredMillis);
        }
        double expected = Math.max(0, measuredMillis + overheadMillis.getOrDefault(candidate, overheadMillis()));
        double shortest = measureTime.fixed() || sideBySide ? measureTime.quickMillis() : MIN_MILLIS;
        double others = (toCome - 1) * Math.max(0, overheadMillis() + shortest);
        double left = QUICK_WITH_TIMEOUT.toMillis() - elapsedMillis() - others;
        double enough = TIMEOUT_FACTOR * expected + MIN_TIMEOUT_MILLIS;
        return Duration.ofMillis((long) Math.max(expected + MIN_TIMEOUT_MILLIS, Math.min(left, enough)));
    }

    /** Returns the timeout for a staying fork to prepare; grows with the preparation time of the forks before it. */
    Duration preparationTimeout() {
        long least = quick ? QUICK_PREPARATION_MILLIS : FULL_TIMEOUT_MILLIS;
        return Duration.ofMillis((long) Math.max(least, PREPARATION_FACTOR * longestPreparationMillis));
    }

    /** Records the preparation time of a staying fork. */
    void prepared(double tookMillis) {
        longestPreparationMillis = Math.max(longestPreparationMillis, tookMillis);
    }
}
