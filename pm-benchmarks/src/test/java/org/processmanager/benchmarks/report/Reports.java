package org.processmanager.benchmarks.report;

import java.util.List;
import org.processmanager.benchmarks.suite.Unit;

/** A report for the tests. */
final class Reports {
    private Reports() {}

    static Report example() {
        CaseReport spawn = new CaseReport(
                "spawn",
                "programs & their ends",
                "true-sequential",
                "sequentially",
                "us",
                List.of(
                        row("ours", "near", 500, 1, true),
                        row("peer<1>", "near", 1500, 3, true),
                        row("peer<1>", "far", 1600, Double.NaN, true),
                        row("slow", "near", 50_000, 100, true),
                        row("c-limit", "near", 480, 0.96, true),
                        row("broken", "near", Double.NaN, Double.NaN, false)),
                List.of("broken failed: exit code \"3\""));
        return new Report(
                "./pm bench spawn --quick",
                List.of(new Report.Fact("processors", "2 x Example")),
                List.of(spawn),
                List.of("peer<1>: peer 1.0, no JVM flag"));
    }

    static Row row(String candidate, String tag, double median, double advantage, boolean verified) {
        return new Row(
                "spawn",
                "true-sequential",
                candidate,
                tag,
                median,
                median * 0.9,
                median * 1.1,
                median * 2,
                verified ? 300 : 0,
                Unit.MICROSECONDS,
                advantage,
                0.25,
                1 << 26,
                8,
                Double.NaN,
                Double.NaN,
                verified,
                "");
    }
}
