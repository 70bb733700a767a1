package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.fixtures.Scenario;

@Timeout(180)
class PsIT {
    @Test
    void json_hasTheDocumentedFieldsOfThisProcess() {
        Outcome outcome = pm("ps", "--json").assertExit(0);
        JsonNode self = find(outcome.json(), ProcessHandle.current().pid());
        List<String> names = new ArrayList<>();
        self.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "pid",
                        "parentPid",
                        "name",
                        "state",
                        "user",
                        "cpuPercent",
                        "cpuMillis",
                        "residentBytes",
                        "threads",
                        "startTime",
                        "mainClass",
                        "commandLine"),
                names);
        ProcessHandle handle = ProcessHandle.current();
        assertEquals(
                handle.parent().map(ProcessHandle::pid).orElse(0L),
                self.get("parentPid").longValue());
        assertEquals("java", self.get("name").textValue());
        assertEquals(handle.info().user().orElseThrow(), self.get("user").textValue());
        assertTrue(self.get("residentBytes").longValue() > 10_000_000, self::toString);
        assertTrue(self.get("threads").intValue() > 1, self::toString);
        assertTrue(self.get("cpuPercent").isNumber());
        assertTrue(self.get("commandLine").textValue().contains("java"), self::toString);
        Duration apart = Duration.between(
                        handle.info().startInstant().orElseThrow(),
                        Instant.parse(self.get("startTime").textValue()))
                .abs();
        assertTrue(apart.compareTo(Duration.ofSeconds(5)) < 0, self::toString);
        find(outcome.json(), outcome.pid());
    }

    @Test
    void mine_isOnlyThoseOfTheUser() {
        JsonNode all = pm("ps", "--user", System.getProperty("user.name"), "-o", "json")
                .assertExit(0)
                .json();
        String user = find(all, ProcessHandle.current().pid()).get("user").textValue();
        all.forEach(process -> assertEquals(user, process.get("user").textValue()));
    }

    @Test
    @Scenario("public-app/3")
    void kernelThreads_areHiddenUnlessAsked() {
        List<Long> kernel = ProcessTable.list().stream()
                .filter(ProcessSnapshot::kernelThread)
                .map(ProcessSnapshot::pid)
                .toList();
        Assumptions.assumeTrue(kernel.contains(2L), "kernel threads are visible");
        assertTrue(pids(pm("ps", "--json")).stream().noneMatch(kernel::contains));
        assertTrue(pids(pm("ps", "--kernel-threads", "--json")).contains(2L));
    }

    private static List<Long> pids(Outcome outcome) {
        List<Long> pids = new ArrayList<>();
        outcome.assertExit(0)
                .json()
                .forEach(process -> pids.add(process.get("pid").longValue()));
        return pids;
    }

    @Test
    void table_hasOneLineForEachProcess() {
        Outcome outcome = pm("ps").assertExit(0);
        List<String> lines = outcome.out().lines().toList();
        assertTrue(lines.get(0).trim().startsWith("PID"), outcome::toString);
        String pid = Long.toString(ProcessHandle.current().pid());
        assertEquals(
                1,
                lines.stream().filter(line -> line.trim().startsWith(pid + " ")).count());
        assertEquals("", outcome.err());
    }

    @Test
    void table_fitsIntoTheTerminal() throws Exception {
        String screen = inTerminal(80);
        List<String> lines = screen.replace("\r", "").lines().toList();
        assertTrue(lines.size() > 2, screen);
        int longest = lines.stream().mapToInt(String::length).max().orElseThrow();
        assertTrue(longest <= 80 && longest > 50, () -> longest + " columns:\n" + screen);
        assertTrue(lines.get(0).endsWith("COMMAND") && screen.contains("  java "), screen);
    }

    /** What {@code pm ps} prints in a terminal of so many columns. */
    private static String inTerminal(int columns) throws Exception {
        String driver = """
                import fcntl, os, pty, struct, sys, termios
                pid, terminal = pty.fork()
                if pid == 0:
                    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
                    os.execv(sys.argv[2], sys.argv[2:])
                while True:
                    try:
                        data = os.read(terminal, 4096)
                    except OSError:
                        break
                    os.write(1, data)
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                """;
        List<String> line = new ArrayList<>(List.of("python3", "-c", driver, Integer.toString(columns)));
        line.addAll(PmApp.of("ps").commandLine());
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String screen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), screen);
        return screen;
    }

    private static JsonNode find(JsonNode processes, long pid) {
        assertTrue(processes.isArray());
        for (JsonNode process : processes) {
            if (process.get("pid").longValue() == pid) {
                return process;
            }
        }
        throw new AssertionError("no process " + pid + " in " + processes);
    }
}
