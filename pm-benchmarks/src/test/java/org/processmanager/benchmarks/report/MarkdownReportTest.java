package org.processmanager.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private final List<String> lines =
            MarkdownReport.of(Reports.example()).lines().toList();

    @Test
    void markdown_startsWithMachineAndCommand() {
        assertEquals(
                List.of("- processors: 2 x Example", "- command: `./pm bench spawn --quick`", ""), lines.subList(0, 3));
    }

    @Test
    void suite_hasOneTable() {
        assertEquals("### spawn: programs & their ends", lines.get(3));
        assertEquals(
                "| case | candidate | placed | median | p99 | advantage | cpu s | peak MiB | threads |", lines.get(5));
        assertEquals("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |", lines.get(6));
        assertEquals(
                "| `true-sequential`, us | **ours** | near | 500 | 1 000 | 1.00x | 0.250 | 64.0 | 8.00 |",
                lines.get(7));
        assertEquals("|  | peer&lt;1> | near | 1 500 | 3 000 | 3.00x | 0.250 | 64.0 | 8.00 |", lines.get(8));
    }

    @Test
    void unverifiedWork_isMarked() {
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("|  | broken NOT VERIFIED |")), lines::toString);
        assertTrue(lines.contains("- true-sequential: broken failed: exit code \"3\""), lines::toString);
        assertEquals("- peer&lt;1>: peer 1.0, no JVM flag", lines.get(lines.size() - 1));
    }
}
