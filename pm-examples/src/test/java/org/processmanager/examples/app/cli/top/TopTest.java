package org.processmanager.examples.app.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.core.monitor.Sample;
import org.processmanager.fixtures.Scenario;

@Timeout(60)
class TopTest {
    @Test
    @Scenario("monitor/1")
    void once_agreesWithProc() throws Exception {
        try (ProcessManager manager = ProcessManager.create()) {
            ManagedProcess loop =
                    manager.command("/bin/sh", "-c", "while :; do :; done").start();
            ProcessSnapshot before = ProcessTable.find(loop.pid()).orElseThrow();
            JsonNode answer = pm("top", "--once", "-o", "json").assertExit(0).json();
            ProcessSnapshot after = ProcessTable.find(loop.pid()).orElseThrow();
            JsonNode shown = null;
            List<Double> loads = new ArrayList<>();
            for (JsonNode process : answer.get("processes")) {
                loads.add(process.get("cpuPercent").doubleValue());
                shown = process.get("pid").longValue() == loop.pid() ? process : shown;
            }
            assertTrue(shown != null, answer::toString);
            assertEquals(loads.stream().sorted((a, b) -> Double.compare(b, a)).toList(), loads);
            long cpu = shown.get("cpuMillis").longValue();
            assertTrue(
                    before.cpuTime().toMillis() <= cpu && cpu <= after.cpuTime().toMillis(), shown::toString);
            assertEquals(after.startTime().toString(), shown.get("startTime").textValue());
            long interval = answer.get("intervalMillis").longValue();
            double used = shown.get("cpuPercent").doubleValue() / 100 * interval;
            double most = after.cpuTime().minus(before.cpuTime()).toMillis() + 20.0;
            assertTrue(interval >= 100 && used <= 2 * most + 50, () -> used + " of at most " + most);
            loop.kill();
            loop.await();
        }
    }

    @Test
    void table_hasASummaryAbove() {
        List<String> lines =
                pm("top", "--once", "--sort", "memory").assertExit(0).lines();
        assertTrue(
                lines.get(0).matches("[0-9:]+  [0-9]+ processes, [0-9.]+ % of [0-9]+ processors, load .*"),
                lines.get(0));
        assertTrue(lines.get(1).endsWith("COMMAND"), lines.get(1));
        String wide = pm("top", "--once", "-o", "wide").assertExit(0).lines().get(1);
        assertTrue(wide.contains("PARENT"), wide);
        String csv = pm("top", "--once", "-o", "csv").assertExit(0).lines().get(0);
        assertTrue(csv.startsWith("pid,parentPid,name,"), csv);
        pm("top", "--interval", "99ms").assertExit(2);
    }

    @Test
    void bars_showTheLastSamples() {
        assertEquals("\u2581\u2585\u2588\u2588", LoadHistory.bars(new float[] {0, 50, 100, 250}, 100));
        assertEquals("\u2581", LoadHistory.bars(new float[] {0}, 0));
    }

    @Test
    void exitedProcess_staysForAMinute() {
        LoadHistory history = new LoadHistory();
        Instant start = Instant.EPOCH;
        ProcessSnapshot process = new ProcessSnapshot(
                new ProcessIdentity(7, 1, ""),
                1,
                "p",
                ProcessSnapshot.State.SLEEPING,
                "root",
                0,
                Duration.ZERO,
                1,
                1,
                start,
                false,
                "p",
                Optional.empty());
        for (int i = 0; i < 9; i++) {
            history.add(new Sample(start, Duration.ofSeconds(1), List.of(process), List.of(), Map.of(7L, 100.0)));
        }
        assertEquals("\u2588".repeat(8), history.loadBars(process, 8));
        history.add(new Sample(start, Duration.ofSeconds(1), List.of(), List.of(process), Map.of()));
        history.add(new Sample(start.plusSeconds(59), Duration.ofSeconds(1), List.of(), List.of(), Map.of()));
        assertEquals(List.of(process), history.exited());
        history.add(new Sample(start.plusSeconds(61), Duration.ofSeconds(1), List.of(), List.of(), Map.of()));
        assertEquals(List.of(), history.exited());
        assertEquals("", history.loadBars(process, 8));
    }
}
