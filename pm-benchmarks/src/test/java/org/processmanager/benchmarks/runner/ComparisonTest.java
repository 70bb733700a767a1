package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.report.Row;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Program.Origin;

@Tag("ci")
class ComparisonTest extends TrivialComparison {
    @Test
    void candidates_runInTurn() throws Exception {
        CaseReport report = run(trivial("ours", 10), trivial("b", 20), trivial("c", 30));
        List<String> order = Files.readAllLines(log);
        assertTrue(order.size() >= 6, order::toString);
        for (int i = 0; i < order.size(); i++) {
            assertEquals(List.of("ours", "b", "c").get(i % 3), order.get(i), order::toString);
        }
        Row b = report.rows().stream()
                .filter(row -> row.candidate().equals("b"))
                .findFirst()
                .orElseThrow();
        assertEquals(20, b.median());
        assertTrue(b.verified());
        assertTrue(Double.isNaN(b.advantage()) || b.advantage() == 2, "advantage: " + b.advantage());
        assertTrue(report.remarks().contains("c: all is well with c"), report.remarks()::toString);
        assertEquals(List.of(), scratchDirectories(), "directories of forks that remain");
        assertTrue(progress.toString(StandardCharsets.UTF_8).contains("round 2  c"), progress::toString);
    }

    @Test
    void failedCandidate_isNotRunAgain() throws Exception {
        CaseReport report = run(
                trivial("wrong", 10, "end", "wrong"),
                trivial("exit", 10, "end", "exit"),
                trivial("well", 10),
                Candidate.absent("later", "not built in this version"));
        for (String failing : List.of("wrong", "exit")) {
            Row row = report.rows().stream()
                    .filter(each -> each.candidate().equals(failing))
                    .findFirst()
                    .orElseThrow();
            assertFalse(row.verified());
            assertTrue(Double.isNaN(row.median()));
        }
        assertTrue(report.rows().stream().anyMatch(row -> row.candidate().equals("well") && row.verified()));
        assertTrue(report.rows().stream().noneMatch(row -> row.candidate().equals("later")));
        List<String> remarks = report.remarks();
        assertTrue(remarks.contains("later: not built in this version"), remarks::toString);
        assertTrue(remarks.contains("wrong failed: answer: expected 42, got 41"), remarks::toString);
        // its two streams are two pipes, so the last line of either may arrive last
        assertTrue(
                remarks.stream()
                        .anyMatch(remark ->
                                remark.startsWith("exit failed: exited with code 3 and no result; its last line: a ")),
                remarks::toString);
        assertEquals(1, Files.readAllLines(log).stream().filter("wrong"::equals).count(), "runs");
        assertTrue(progress.toString(StandardCharsets.UTF_8).contains("wrong failed"), progress::toString);
    }

    @Test
    void overlappingForks_areCleanedUp() throws Exception {
        Case theCase = theCase(
                        trivial("ours", 10),
                        trivial("wrong", 30, "end", "wrong"),
                        trivial("exit", 40, "end", "exit"),
                        trivial("b", 20))
                .forks(Case.Forks.OVERLAPPING);
        CaseReport report = comparison.run(suite(theCase), theCase, any -> true);
        assertEquals(
                List.of("ours", "wrong", "exit", "b", "ours", "b"),
                Files.readAllLines(log),
                "in turn, without failed candidates");
        for (String pid : Files.readAllLines(log.resolveSibling("pids"))) {
            assertFalse(ProcessHandle.of(Long.parseLong(pid)).isPresent(), () -> "fork " + pid + " is still alive");
        }
        assertTrue(report.remarks().contains("wrong failed: answer: expected 42, got 41"), report.remarks()::toString);
        assertTrue(
                report.remarks().stream().anyMatch(remark -> remark.startsWith("exit failed: exited with code 3")),
                report.remarks()::toString);
        assertEquals(List.of(), scratchDirectories(), "directories of forks that remain");
    }

    @Test
    void stayingForks_measureEveryRound() throws Exception {
        Case theCase = theCase(
                        trivial("ours", 10),
                        trivial("b", 20),
                        trivial("wrong", 30, "end", "wrong later"),
                        trivial("exit", 40, "end", "exit"))
                .forks(Case.Forks.STAYING);
        CaseReport report = comparison.run(suite(theCase), theCase, any -> true);
        List<String> order = Files.readAllLines(log);
        assertEquals(
                List.of("ours", "b", "wrong", "exit", "ours", "b", "wrong"),
                order,
                "in turn, without failed candidates");
        List<String> pids = Files.readAllLines(log.resolveSibling("pids"));
        assertEquals(4, pids.size(), "one fork of each");
        for (String pid : pids) {
            assertFalse(ProcessHandle.of(Long.parseLong(pid)).isPresent(), () -> "fork " + pid + " is still alive");
        }
        long rounds = order.stream().filter("ours"::equals).count();
        assertEquals(
                rounds,
                report.rows().stream()
                        .filter(row -> row.candidate().equals("ours"))
                        .mapToLong(Row::samples)
                        .sum(),
                "samples");
        assertTrue(report.remarks().contains("wrong failed: round: expected 1, got 2"), report.remarks()::toString);
        assertTrue(
                report.remarks().stream().anyMatch(remark -> remark.startsWith("exit failed: exited with code 3")),
                report.remarks()::toString);
        assertEquals(List.of(), scratchDirectories(), "directories of forks that remain");
    }

    @Test
    void quickRun_reportsItsDifference() throws Exception {
        Case theCase = theCase(trivial("a", 1)).quick("the work is wrong", "end", "wrong");
        CaseReport report = comparison.run(suite(theCase), theCase, any -> true);
        assertTrue(report.remarks().contains("a quick run: the work is wrong"), report.remarks()::toString);
        assertFalse(report.rows().get(0).verified());
    }

    @Test
    void unavailableCandidate_isReported() throws Exception {
        CaseReport report = run(
                Candidate.c("c-none", "no-such-source"),
                Candidate.runs("no-peer", new Program.Java(new Origin.Peer("none"), "X", Params.of(), List.of())));
        assertEquals(
                List.of("c-none", "no-peer"),
                report.rows().stream().map(Row::candidate).toList());
        assertTrue(report.rows().stream().noneMatch(Row::verified));
        assertEquals(2, report.remarks().size(), report.remarks()::toString);
        assertTrue(report.remarks().get(0).startsWith("c-none is not available: "), report.remarks()::toString);
        assertTrue(report.remarks().get(1).startsWith("no-peer is not available: "), report.remarks()::toString);
    }

    @Test
    void run_withSelection_skipsOthers() throws Exception {
        Case theCase = theCase(trivial("a", 1), trivial("b", 1), Candidate.absent("c", "not needed"));
        CaseReport report = comparison.run(suite(theCase), theCase, "b"::equals);
        assertTrue(report.rows().stream().allMatch(row -> row.candidate().equals("b")));
        assertEquals(List.of("b: all is well with b"), report.remarks());
    }
}
