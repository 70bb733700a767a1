package org.processmanager.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.suite.Unit;

class FiguresTest {
    private final Figures times = new Figures("spawn", "true", Unit.MICROSECONDS);
    private final Figures rates = new Figures("ring", "one", Unit.MILLIONS_PER_SECOND);

    @Test
    void forks_haveSameWeight() {
        // weighted by samples, the median would be 1
        Row row = only(times.rows(List.of(
                run("a", "near", "", 1, 1, 1, 1, 1, 1, 1), run("a", "near", "", 5, 5, 5), run("a", "near", "", 9))));
        assertEquals(5, row.median());
        assertEquals(1, row.min());
        assertEquals(5, row.mean());
        assertEquals(11, row.samples());
    }

    @Test
    void median_betweenTwoValues_isMean() {
        assertEquals(
                2.5, only(times.rows(List.of(run("a", "near", "", 1, 2, 3, 4)))).median());
    }

    @Test
    void placements_haveSeparateRows() {
        List<Row> rows = times.rows(List.of(
                run("ours", "near", "", 10),
                run("peer", "far", "", 90),
                run("ours", "near", "", 10),
                run("peer", "near", "", 30)));
        assertEquals(3, rows.size());
        assertEquals(1, row(rows, "ours", "near").advantage());
        assertEquals(3, row(rows, "peer", "near").advantage());
        assertTrue(Double.isNaN(row(rows, "peer", "far").advantage()), "no placement in common");
    }

    @Test
    void betterThanPeer_hasAdvantageAboveOne() {
        List<Run> runs = List.of(run("ours", "near", "", 20), run("peer", "near", "", 10));
        assertEquals(0.5, row(times.rows(runs), "peer", "near").advantage());
        assertEquals(2, row(rates.rows(runs), "peer", "near").advantage());
    }

    @Test
    void unverifiedWork_hasNoAdvantage() {
        List<Row> rows = times.rows(List.of(
                run("ours", "near", "", 20),
                run("peer", "near", "", 10),
                new Run("peer", "near", List.of(), List.of(), "exit code 3")));
        assertFalse(row(rows, "peer", "near").verified());
        assertEquals(10, row(rows, "peer", "near").median());
        assertTrue(Double.isNaN(row(rows, "peer", "near").advantage()));
    }

    @Test
    void failedCandidate_hasNoFigures() {
        Row row = only(times.rows(List.of(new Run("peer", "far", List.of(), List.of(), "no such program"))));
        assertFalse(row.verified());
        assertTrue(Double.isNaN(row.median()));
        assertEquals(0, row.samples());
    }

    @Test
    void variants_betterOneCounts() {
        Run both = new Run("peer", "near", List.of(result("spinning", 10), result("easing", 30)), List.of(), "");
        assertEquals("spinning", only(times.rows(List.of(both))).variant());
        assertEquals("easing", only(rates.rows(List.of(both))).variant());
    }

    @Test
    void p99_needsHundredSamples() {
        double[] hundred = IntStream.rangeClosed(1, 100).mapToDouble(i -> i).toArray();
        assertEquals(
                99.5, only(times.rows(List.of(run("a", "near", "", hundred)))).p99());
        double[] fewer = Arrays.copyOf(hundred, 99);
        assertTrue(Double.isNaN(
                only(times.rows(List.of(run("a", "near", "", fewer)))).p99()));
        assertTrue(
                Double.isNaN(
                        only(rates.rows(List.of(run("a", "near", "", hundred)))).p99()),
                "a rate has no p99");
    }

    private static Run run(String candidate, String tag, String variant, double... values) {
        return new Run(candidate, tag, List.of(result(variant, values)), List.of(), "");
    }

    private static Result result(String variant, double... values) {
        Samples samples = new Samples();
        samples.addAll(values);
        return Result.of(variant, samples);
    }

    private static Row only(List<Row> rows) {
        assertEquals(1, rows.size());
        return rows.get(0);
    }

    private static Row row(List<Row> rows, String candidate, String tag) {
        return only(rows.stream()
                .filter(row -> row.candidate().equals(candidate) && row.tag().equals(tag))
                .toList());
    }
}
