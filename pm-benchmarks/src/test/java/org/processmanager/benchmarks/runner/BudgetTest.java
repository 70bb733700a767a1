package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.benchmarks.suite.MeasureTime;

class BudgetTest {
    private static final MeasureTime UP_TO_A_SECOND = new MeasureTime(1_000, 5_000, false);

    private long nowNanos;

    @ParameterizedTest
    @CsvSource({"12, 900", "12, 200", "5, 100", "2, 3000", "15, 700", "1, 10"})
    void quickRun_finishesInTime(int candidates, double overheadMillis) {
        Budget budget = budget(Extent.QUICK, candidates);
        int rounds = 0;
        int forks = 0;
        while (budget.hasRound(rounds)) {
            for (int i = 0; i < candidates; i++) {
                int millis = budget.millis(3 * candidates - forks++);
                assertTrue(millis >= 200 && millis <= 1_000, () -> "measures for " + millis + " ms");
                pass(overheadMillis + millis);
                budget.took("candidate " + i, overheadMillis + millis, millis);
            }
            rounds++;
        }
        assertTrue(rounds >= 3 && rounds <= 5, "rounds: " + rounds);
        assertTrue(budget.elapsedMillis() <= 50_000, "took " + budget.elapsedMillis() + " ms");
    }

    @ParameterizedTest
    @CsvSource({"0, 700", "11, 700", "17, 700", "35, 700", "0, 200", "23, 200", "1, 900", "35, 900"})
    void quickRun_withHangingCandidate_finishesInTime(int hangingFork, double overheadMillis) {
        int candidates = 12;
        int hanging = hangingFork % candidates;
        Budget budget = budget(Extent.QUICK, candidates);
        int forks = 0;
        for (int round = 0; budget.hasRound(round); round++) {
            for (int i = 0; i < candidates; i++) {
                if (i == hanging && round > hangingFork / candidates) {
                    continue;
                }
                int alive = round > hangingFork / candidates ? candidates - 1 : candidates;
                int toCome = candidates - i + budget.roundsAfter(round) * alive;
                int millis = budget.millis(toCome);
                double needs = overheadMillis + millis;
                long timeout = budget.timeout("candidate " + i, millis, toCome).toMillis();
                assertTrue(timeout > needs + 3_500, () -> "has " + timeout + " ms, needs " + needs);
                if (forks++ == hangingFork) {
                    pass(timeout + 1_000); // its thread dumps are read
                } else {
                    pass(needs);
                    budget.took("candidate " + i, needs, millis);
                }
            }
        }
        assertTrue(budget.elapsedMillis() <= 50_000, "took " + budget.elapsedMillis() + " ms");
    }

    @Test
    void quickRun_onSlowMachine_hasThreeRounds() {
        Budget budget = budget(Extent.QUICK, 2);
        for (int round = 0; round < 3; round++) {
            assertTrue(budget.hasRound(round));
            pass(60_000);
        }
        assertTrue(!budget.hasRound(3));
        assertEquals(200, budget.millis(1));
    }

    @Test
    void quickRun_distributesUnusedTime() {
        Budget budget = new Budget(Extent.QUICK, new MeasureTime(10_000, 10_000, false), 2, false, () -> nowNanos);
        int forks = 0;
        List<Integer> measured = new ArrayList<>();
        for (int round = 0; budget.hasRound(round); round++) {
            for (String candidate : List.of("early", "other")) {
                int millis = budget.millis(6 - forks++);
                double took = candidate.equals("other") ? 500 + millis : millis / 10.0;
                pass(took);
                budget.took(candidate, took, millis);
                measured.add(millis);
            }
        }
        assertEquals(6, forks);
        List<Integer> known = measured.subList(1, 6); // after the first fork that finished early
        assertTrue(known.stream().allMatch(millis -> millis > 8_500), () -> "more than a sixth of the time: " + known);
        assertTrue(budget.elapsedMillis() <= 42_500, "took " + budget.elapsedMillis() + " ms");
    }

    @Test
    void quickRun_afterFirstFork_knowsOverhead() {
        Budget budget = budget(Extent.QUICK, 7);
        pass(2_500);
        budget.took("first", 2_500, 1_000);
        int second = budget.millis(20);
        assertTrue(second < 500, "21 forks of 1.5 s leave 0.5 s for each: " + second);
    }

    @Test
    void fullRun_hasSevenRounds() {
        Budget budget = budget(Extent.FULL, 2);
        pass(600_000);
        assertTrue(budget.hasRound(6));
        assertTrue(!budget.hasRound(7));
        assertEquals(5_000, budget.millis(1));
    }

    @Test
    void fixedTime_isNotReduced() {
        Budget budget = new Budget(Extent.QUICK, MeasureTime.fixed(10_000, 60_000), 4, false, () -> nowNanos);
        pass(49_000);
        assertEquals(10_000, budget.millis(1));
    }

    private Budget budget(Extent extent, int candidates) {
        return new Budget(extent, UP_TO_A_SECOND, candidates, false, () -> nowNanos);
    }

    private void pass(double millis) {
        nowNanos += (long) (millis * 1e6);
    }
}
