package org.processmanager.benchmarks.runner;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.processmanager.benchmarks.suite.MeasureTime;

/**
 * How many rounds a case gets and how long each fork measures.
 *
 * <p>A quick run is to end in time whatever the machine: a fork measures as long as fits after what all forks to come need
 * beside measuring, as far as that was seen. Three rounds it does in any case.
 */
final class Budget {
    private static final Duration QUICK_CASE = Duration.ofSeconds(42); // of the 50 that are promised
    private static final Duration QUICK_ENOUGH = Duration.ofSeconds(30); // no further round if it would end later
    private static final int MIN_QUICK_ROUNDS = 3;
    private static final int MAX_QUICK_ROUNDS = 5;
    private static final int FULL_ROUNDS = 7;
    private static final int MIN_MILLIS = 200;
    private static final double OVERHEAD_AT_FIRST_MILLIS = 700;
    private static final Duration QUICK_WITH_A_HANG = Duration.ofSeconds(48); // when one fork had to be ended
    private static final long LEAST_PATIENCE_MILLIS = 4_000; // beside what a fork is known to need
    private static final int PATIENCE_FACTOR = 3; // as much may a fork differ from others on a busy machine
    private static final long QUICK_PREPARING_MILLIS = 20_000;
    private static final int PREPARING_FACTOR = 5;
    private static final long FULL_PATIENCE_MILLIS = 60_000;

    private final boolean quick;
    private final MeasureTime span;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final int candidates;
    private final boolean sideBySide;
    private final Map<String, Double> overheadMillis = new HashMap<>();
    private double longestPreparingMillis;

    Budget(boolean quick, MeasureTime span, int candidates, boolean sideBySide, LongSupplier nanoClock) {
        this.quick = quick;
        this.span = span;
        this.candidates = candidates;
        this.sideBySide = sideBySide;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    /** Whether there is to be a round after so many. */
    boolean hasRound(int done) {
        if (!quick) {
            return done < FULL_ROUNDS;
        }
        boolean another = done < MAX_QUICK_ROUNDS && elapsedMillis() * (done + 1) / done < QUICK_ENOUGH.toMillis();
        return done < MIN_QUICK_ROUNDS || another;
    }

    int rounds() {
        return quick ? MIN_QUICK_ROUNDS : FULL_ROUNDS;
    }

    /** How many rounds there are to be at least after this one, the first being 0. */
    int roundsAfter(int round) {
        return Math.max(0, rounds() - 1 - round);
    }

    /**
     * For how long the next fork measures.
     *
     * @param toCome forks that are still to run in the least number of rounds, with this one
     */
    int millis(int toCome) {
        if (!quick) {
            return span.fullMillis();
        }
        if (span.fixed() || sideBySide) {
            return span.quickMillis();
        }
        double fits = (QUICK_CASE.toMillis() - elapsedMillis()) / Math.max(1, toCome) - overheadMillis();
        return (int) Math.max(MIN_MILLIS, Math.min(span.quickMillis(), fits));
    }

    /** On average; for want of better, also of those that did not run yet. */
    private double overheadMillis() {
        return overheadMillis.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(OVERHEAD_AT_FIRST_MILLIS);
    }

    /** A fork that did its work took so long, of which it was to measure this; if it was ready sooner, that time is for all. */
    void took(String candidate, double forkMillis, int measuredMillis) {
        overheadMillis.put(candidate, forkMillis - measuredMillis);
    }

    double elapsedMillis() {
        return (nanoClock.getAsLong() - startNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /**
     * How long a fork of this candidate may take that measures so long. In a quick run that is what others leave of the case's
     * time if they measure as short as can be: who hangs takes time from them, not from who waits for the end.
     *
     * @param toCome as in {@link #millis}
     */
    Duration patience(String candidate, int measuredMillis, int toCome) {
        if (!quick) {
            return Duration.ofMillis(FULL_PATIENCE_MILLIS + measuredMillis);
        }
        double expected = Math.max(0, measuredMillis + overheadMillis.getOrDefault(candidate, overheadMillis()));
        double shortest = span.fixed() || sideBySide ? span.quickMillis() : MIN_MILLIS;
        double others = (toCome - 1) * Math.max(0, overheadMillis() + shortest);
        double left = QUICK_WITH_A_HANG.toMillis() - elapsedMillis() - others;
        double enough = PATIENCE_FACTOR * expected + LEAST_PATIENCE_MILLIS;
        return Duration.ofMillis((long) Math.max(expected + LEAST_PATIENCE_MILLIS, Math.min(left, enough)));
    }

    /** How long a fork that stays may take to prepare; how busy the machine is shows in those before. */
    Duration patienceToPrepare() {
        long least = quick ? QUICK_PREPARING_MILLIS : FULL_PATIENCE_MILLIS;
        return Duration.ofMillis((long) Math.max(least, PREPARING_FACTOR * longestPreparingMillis));
    }

    /** A fork that stays took so long to prepare. */
    void prepared(double tookMillis) {
        longestPreparingMillis = Math.max(longestPreparingMillis, tookMillis);
    }
}
