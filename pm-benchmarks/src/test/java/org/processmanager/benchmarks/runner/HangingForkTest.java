package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.report.Row;

/** A class of its own, since it waits for a timeout while other classes run. */
@Tag("ci")
class HangingForkTest extends TrivialComparison {
    @Test
    void hangingFork_isReportedWithItsStack() throws Exception {
        CaseReport report = run(trivial("hanging", 20, "end", "hang"), trivial("ours", 10));
        assertTrue(
                report.remarks().stream()
                        .anyMatch(remark -> remark.matches("hanging failed: did not exit within \\d+ s: "
                                + "main in Unsafe.park, from Trivial.hang, from Trivial.work, from Trivial.run")),
                report.remarks()::toString);
        assertEquals(
                1, Files.readAllLines(log).stream().filter("hanging"::equals).count(), "runs");
        for (Row row : report.rows()) {
            assertEquals(!row.candidate().equals("hanging"), row.verified(), row::candidate);
        }
        assertEquals(List.of(), scratchDirectories(), "directories of forks that remain");
    }
}
