package org.processmanager.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableReportTest {
    private final List<String> lines = TableReport.of(Reports.example()).lines().toList();

    @Test
    void table_alignsColumns() {
        assertEquals(
                "  candidate  placed  median     min    mean      p99  samples  advantage  cpu s  peak MiB"
                        + "  threads  verified",
                lines.get(1));
        assertEquals(
                "  ours       near       500     450     550    1 000      300      1.00x  0.250      64.0"
                        + "     8.00  yes",
                lines.get(2));
    }

    @Test
    void failure_isReported() {
        assertTrue(lines.get(7).endsWith("NO"), lines.get(7));
        assertEquals("  * broken failed: exit code \"3\"", lines.get(8));
    }

    @Test
    void table_endsWithCommand() {
        assertEquals("again: ./pm bench spawn --quick", lines.get(lines.size() - 1));
    }
}
