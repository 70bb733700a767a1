package org.processmanager.examples.app.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.OsProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.examples.app.cli.channel.PmRun;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** The commands on processes that pm has not started, with a program whose name no other has. */
@Timeout(180)
class ProcessCommandsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long SELF = ProcessHandle.current().pid();
    private static final String NAME = "zz" + SELF + "x";

    @TempDir
    Path tmp;

    private final ProcessManager manager = ProcessManager.create();
    private Path program = Path.of("");

    @BeforeEach
    void copyProgram() throws IOException {
        program = Files.copy(Path.of("/bin/sleep").toRealPath(), tmp.resolve(NAME));
        assertTrue(program.toFile().setExecutable(true));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private ManagedProcess start() {
        return shown(manager.command(program.toString(), "60").start());
    }

    /** A process has the name of its program a moment after its start. */
    private ManagedProcess shown(ManagedProcess process) {
        Eventually.assertThat(LONG, "it is shown", () -> ProcessTable.list().stream()
                .anyMatch(each -> each.name().equals(NAME)
                        && (each.pid() == process.pid() || each.parentPid() == process.pid())));
        return process;
    }

    private static List<Long> pids(PmRun run) throws IOException {
        List<Long> pids = new ArrayList<>();
        run.assertExit(0).json().forEach(process -> pids.add(process.get("pid").longValue()));
        return pids;
    }

    @Test
    @Scenario("monitor/8")
    void stop_endsTheTreeAndReportsIt() throws Exception {
        ManagedProcess parent =
                shown(manager.command("/bin/sh", "-c", program + " 60 & wait").start());
        long child = pids(pm("ps", "--name", NAME, "-o", "json")).stream()
                .filter(pid -> pid != parent.pid())
                .findFirst()
                .orElseThrow();
        List<Long> tree = pids(pm("ps", "--tree", "--user", System.getProperty("user.name"), "-o", "json"));
        assertEquals(tree.indexOf(parent.pid()) + 1, tree.indexOf(child));
        JsonNode answer = pm("stop", Long.toString(parent.pid()), "-o", "json")
                .assertExit(0)
                .json()
                .get(0);
        assertEquals(parent.pid(), answer.get("pid").longValue());
        List<Long> signalled = new ArrayList<>();
        answer.get("stopReport").get("signalled").forEach(pid -> signalled.add(pid.longValue()));
        assertTrue(signalled.containsAll(List.of(parent.pid(), child)), answer::toString);
        parent.await();
        assertEquals(
                ProcessSnapshot.State.ZOMBIE,
                ProcessTable.find(child).map(ProcessSnapshot::state).orElse(ProcessSnapshot.State.ZOMBIE));
    }

    @Test
    void severalOfAName_areListedAndRefused() throws Exception {
        ManagedProcess one = start();
        ManagedProcess two = start();
        PmRun refused = pm("kill", NAME).assertExit(2);
        assertTrue(
                refused.err().contains("2 processes are named " + NAME)
                        && refused.err().contains(one.pid() + " " + NAME)
                        && refused.err().contains(two.pid() + " " + NAME)
                        && refused.err().contains("--all"),
                refused::err);
        assertTrue(one.isAlive() && two.isAlive());
        List<String> lines = pm("kill", NAME, "--all").assertExit(0).lines();
        assertEquals(2, lines.size());
        assertTrue(
                lines.get(0).matches("process [0-9]+ \\(" + NAME + "\\) stopped by KILL within .*"), lines::toString);
        one.await();
        two.await();
        PmRun unknown = pm("stop", NAME + "y").assertExit(3);
        assertTrue(unknown.err().contains("no process is named " + NAME + "y"), unknown::err);
    }

    @Test
    void unknownName_getsSimilarOnes() {
        ManagedProcess process = start();
        for (String command : List.of("stop", "kill", "info")) {
            PmRun unknown = pm(command, NAME.replace("x", "w")).assertExit(3);
            assertTrue(unknown.err().contains("did you mean: " + NAME + "?"), unknown::err);
        }
        assertTrue(process.isAlive());
    }

    @Test
    @Scenario("monitor/9")
    void pmItselfAndItsParents_areRefused() {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        assertRefused(1, "stop", "1");
        assertRefused(SELF, "kill", Long.toString(SELF));
        assertRefused(parent, "signal", "CONT", Long.toString(parent));
    }

    private static void assertRefused(long pid, String... line) {
        PmRun refused = pm(line).assertExit(2);
        assertTrue(refused.err().contains("process " + pid + " ("), refused::err);
        assertEquals(1, refused.err().lines().count(), refused::err);
    }

    @Test
    @Scenario("monitor/6")
    void port_selectsTheProcessThatListens() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(server.getLocalPort());
            assertEquals(List.of(SELF), pids(pm("ps", "--port", port, "-o", "json")));
            assertEquals(List.of(SELF), pids(pm("info", "--port", port, "-o", "json")));
            assertTrue(pm("info", "--port", port).assertExit(0).out().contains(":" + port));
            assertTrue(pm("stop", "--port", port).assertExit(2).err().contains("is pm itself"));
            server.close();
            PmRun none = pm("stop", "--port", port).assertExit(3);
            assertTrue(none.err().contains("listens on port " + port), none::err);
        }
    }

    @Test
    void signal_isSentToTheProcess() throws Exception {
        ManagedProcess process = start();
        if (pm("signal", "STOP", NAME).exit() == 0) { // the portable path has TERM and KILL alone
            Eventually.assertThat(LONG, "it halts", () -> process.state() == OsProcess.State.SUSPENDED);
            pm("signal", "SIGCONT", "--tree", Long.toString(process.pid())).assertExit(0);
            Eventually.assertThat(LONG, "it continues", () -> process.state() == OsProcess.State.RUNNING);
        }
        pm("signal", "15", NAME).assertExit(0);
        process.await();
        pm("signal", "TERM", Long.toString(process.pid())).assertExit(3);
    }

    @Test
    void info_showsTheDetails() throws Exception {
        ManagedProcess process = start();
        JsonNode info = pm("info", NAME, "-o", "json").assertExit(0).json().get(0);
        assertEquals(process.pid(), info.get("pid").longValue());
        assertEquals(SELF, info.get("parents").get(0).longValue());
        assertEquals("60", info.get("arguments").get(1).textValue());
        assertEquals(1, info.get("tree").get("processes").intValue());
        assertEquals(1, info.get("threadList").size());
        assertTrue(info.get("environment").isObject() && info.get("limits").size() > 5, info::toString);
        List<String> csv = pm("info", NAME, "-o", "csv").assertExit(0).lines();
        assertEquals(2, csv.size());
        assertTrue(
                csv.get(0).startsWith("pid,parentPid,name,") && csv.get(1).startsWith(process.pid() + ","),
                csv::toString);

        List<String> lines = pm("info", NAME, "--threads", "--files", "--limits", "--env")
                .assertExit(0)
                .lines();
        assertTrue(lines.contains("executable  " + program.toRealPath()), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("open files ")), lines::toString);
        process.kill();
        process.await();
        PmRun exited = pm("info", Long.toString(process.pid())).assertExit(3);
        assertTrue(exited.err().contains("there is no process " + process.pid()), exited::err);
    }

    @Test
    void list_isSortedFilteredAndRepeated() throws Exception {
        ManagedProcess one = start();
        Eventually.await(Duration.ofMillis(30), () -> false); // the kernel counts starts in hundredths of a second
        ManagedProcess two = start();
        assertEquals(
                List.of(two.pid(), one.pid()),
                pids(pm("ps", "--sort", "start", "--name", NAME.toUpperCase(), "--json")));
        assertEquals(List.of(), pids(pm("ps", "--user", "no-such-user", "-o", "json")));
        List<String> tables = pm("ps", "--name", NAME, "--watch", "100ms", "--count", "2")
                .assertExit(0)
                .lines();
        assertEquals(7, tables.size(), tables::toString); // two tables of three lines, and one between them
        assertEquals(tables.get(0), tables.get(4));
        JsonNode self = null;
        for (JsonNode process :
                pm("ps", "--watch", "--count", "1", "--sort", "cpu", "--json").json()) {
            self = process.get("pid").longValue() == SELF ? process : self;
        }
        assertTrue(self != null && self.get("cpuPercent").doubleValue() > 0, "this process has worked for it");
        List<String> tree = pm("ps", "--tree", "--user", System.getProperty("user.name"))
                .assertExit(0)
                .lines();
        String line = tree.stream()
                .filter(each -> each.contains("  " + NAME + " 60"))
                .findFirst()
                .orElseThrow();
        assertTrue(line.startsWith(" ") || Character.isDigit(line.charAt(0)), line);
    }
}
