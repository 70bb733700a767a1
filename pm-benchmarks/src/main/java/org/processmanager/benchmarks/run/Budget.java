package org.processmanager.benchmarks.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.processmanager.benchmarks.suite.Span;

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
    private static final long QUICK_PATIENCE_MILLIS = 40_000;
    private static final long FULL_PATIENCE_MILLIS = 120_000;

    private final boolean quick;
    private final Span span;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final int candidates;
    private final boolean sideBySide;
    private final Map<String, Double> overheadMillis = new HashMap<>();

    Budget(boolean quick, Span span, int candidates, boolean sideBySide, LongSupplier nanoClock) {
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

    /**
     * For how long the next fork measures.
     *
     * @param done forks of this case that have ended
     */
    int millis(int done) {
        if (!quick) {
            return span.fullMillis();
        }
        if (span.fixed() || sideBySide) {
            return span.quickMillis();
        }
        int left = Math.max(1, candidates * MIN_QUICK_ROUNDS - done);
        double perFork = overheadMillis.values().stream()
                .mapToDouble(Double::doubleValue)
                .average() // for want of better, also of those that did not run yet
                .orElse(OVERHEAD_AT_FIRST_MILLIS);
        double fits = (QUICK_CASE.toMillis() - elapsedMillis()) / left - perFork;
        return (int) Math.max(MIN_MILLIS, Math.min(span.quickMillis(), fits));
    }

    /** A fork took so long, of which it was to measure this; if it was ready sooner, that time is for all. */
    void took(String candidate, double forkMillis, int measuredMillis) {
        overheadMillis.put(candidate, forkMillis - measuredMillis);
    }

    double elapsedMillis() {
        return (nanoClock.getAsLong() - startNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /** How long a fork of this candidate may take that measures so long: who hangs is not to take the time of the others. */
    Duration patience(String candidate, int measuredMillis) {
        if (!quick) {
            return Duration.ofMillis(FULL_PATIENCE_MILLIS + measuredMillis);
        }
        double known = Math.max(0, overheadMillis.getOrDefault(candidate, 0.0));
        return Duration.ofMillis(QUICK_PATIENCE_MILLIS + measuredMillis + Math.round(known));
    }
}
