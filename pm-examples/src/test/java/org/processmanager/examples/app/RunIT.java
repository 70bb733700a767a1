package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

@Timeout(180)
class RunIT {
    @RegisterExtension
    static final LeakCheck LEAKS = PmApp.leakCheck();

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 124, 127, 255})
    void exitCodeOfTheProgram_isThatOfPm(int code) {
        assertEquals(
                "", pm("run", "--", "sh", "-c", "exit " + code).assertExit(code).err());
        Outcome json = pm("run", "--json", "--", "sh", "-c", "exit " + code).assertExit(code);
        assertStatus(json.json(), "exited", code, null);
        assertEquals("OWN_EXIT", json.json().get("endReason").textValue());
    }

    @ParameterizedTest
    @CsvSource({"KILL, 9", "TERM, 15", "SEGV, 11", "USR1, 10"})
    @Scenario("process/8")
    void signalThatEndsTheProgram_isReported(String name, int number) {
        Outcome outcome = pm("run", "--json", "--", "sh", "-c", "kill -" + name + " $$");
        outcome.assertExit(128 + number);
        if (NativeLayer.available()) {
            assertStatus(outcome.json(), "signaled", null, name);
        } else {
            assertStatus(outcome.json(), "exited", 128 + number, null); // the JDK does not distinguish them
        }
    }

    @Test
    void missingProgram_is127() {
        String complaint = pm("run", "--", "no-such-program").assertExit(127).complaint();
        assertTrue(complaint.contains("no-such-program"), complaint);
        pm("run", "--", tmp.path("missing").toString()).assertExit(127).complaint();
        Outcome json = pm("run", "-o", "json", "--", "no-such-program").assertExit(127);
        assertStatus(json.json(), "notStarted", null, null);
        assertEquals("NOT_FOUND", json.json().get("endReason").textValue());
        assertTrue(json.json().get("pid").isNull());
    }

    @Test
    void whatIsNoProgram_is126() throws Exception {
        Path file = Files.writeString(tmp.path("text"), "no program");
        pm("run", "--", file.toString()).assertExit(126).complaint();
        pm("run", "--", tmp.directory().toString()).assertExit(126).complaint();
        Outcome json = pm("run", "--json", "--", file.toString()).assertExit(126);
        assertStatus(json.json(), "notStarted", null, null);
        assertEquals("NOT_EXECUTABLE", json.json().get("endReason").textValue());
    }

    @Test
    void launchOptions_reachTheProgram() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        String script = "ulimit -n; umask; nice; pwd; echo \"$A$B\"; set -- $(cat /proc/$$/stat); echo $(($1 == $6))";
        Path directory = tmp.directory().toRealPath();
        Outcome outcome = pm(
                "run",
                "--json",
                "--limit",
                "openFiles=64,memory=4g",
                "--umask",
                "027",
                "--nice",
                "5",
                "--new-session",
                "--dir",
                directory.toString(),
                "--env",
                "A=1",
                "--env",
                "B==2",
                "--",
                "sh",
                "-c",
                script);
        outcome.assertExit(0);
        assertEquals(
                "64\n0027\n5\n" + directory + "\n1=2\n1\n",
                outcome.json().get("stdout").textValue());
    }

    @Test
    void user_isThatOfTheProgram() {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "the superuser alone may");
        assertEquals("nobody\n", stdout("--user", "nobody", "--", "id", "-un"));
    }

    @Test
    void groups_areThoseOfTheProgram() {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "the superuser alone may");
        String ids = "echo $(id -u) $(id -g) $(id -G)";
        assertEquals("12345 54321 54321\n", stdout("--user", "12345", "--group", "54321", "--", "sh", "-c", ids));
        assertEquals("0 54321 54321 7 8\n", stdout("--group", "54321", "--groups", "7,8", "--", "sh", "-c", ids));
        assertEquals("65534 65534 65534\n", stdout("--user", "nobody", "--groups", "", "--", "sh", "-c", ids));
        Outcome alone = pm("run", "--json", "--user", "12345", "--", "true").assertExit(2);
        assertEquals("UNKNOWN_USER", alone.json().get("endReason").textValue());
        assertTrue(alone.err().contains("12345: no user has that number"), alone::err);
        assertTrue(alone.err().contains("name the group as well"), alone::err);
        Outcome unknown = pm("run", "--group", "no-such-group", "--", "true").assertExit(2);
        assertTrue(unknown.complaint().contains("there is no group no-such-group"), unknown::err);
        pm("run", "--groups", "7,,8", "--", "true").assertExit(2).complaint();
    }

    /** Runs a program and returns what it writes to its standard output. */
    private static String stdout(String... arguments) {
        List<String> line = new ArrayList<>(List.of("run", "--json"));
        line.addAll(List.of(arguments));
        return pm(line.toArray(String[]::new))
                .assertExit(0)
                .json()
                .get("stdout")
                .textValue();
    }

    @Test
    void impossibleLaunchOptions_areOneLineAnd2() {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        Outcome unknown =
                pm("run", "--json", "--user", "no-such-user", "--", "true").assertExit(2);
        assertEquals("UNKNOWN_USER", unknown.json().get("endReason").textValue());
        assertTrue(unknown.err().contains("there is no user no-such-user"), unknown::err);
        String file =
                pm("run", "--dir", "/etc/passwd", "--", "true").assertExit(2).complaint();
        assertTrue(file.contains("not a directory"), file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep 30 & echo $!; wait", "(sleep 30 & echo $!); sleep 20"})
    @Scenario("process/2")
    void timeout_endsTheTreeAndOrphans(String script) {
        long start = System.nanoTime();
        Outcome outcome = pm("run", "--json", "--timeout", "1s", "--", "sh", "-c", script);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        String pid = outcome.assertExit(124).json().get("stdout").textValue().strip();
        assertTrue(
                took.compareTo(Duration.ofSeconds(1)) >= 0 && took.compareTo(Duration.ofSeconds(20)) < 0,
                took::toString);
        assertGone(Long.parseLong(pid));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep 20; true", "(sleep 20)", "sleep 20 | cat"})
    @Scenario("process/2")
    void timeout_isReported(String script) {
        Outcome outcome = pm("run", "--timeout", "1s", "--json", "--", "sh", "-c", "echo out; echo err >&2; " + script);
        JsonNode json = outcome.assertExit(124).json();
        assertEquals("TIMED_OUT", json.get("endReason").textValue());
        assertEquals("out\n", json.get("stdout").textValue());
        assertEquals("err\n", json.get("stderr").textValue());
        assertTrue(json.get("durationMillis").longValue() >= 1000, outcome::toString);
        assertTrue(json.get("pid").longValue() > 0);
        assertTrue(outcome.err().matches("pm: sh did not exit within 1 s \\(ended by TERM\\)\n"), outcome::toString);
    }

    @Test
    void programThatEndsInTime_isUntouched() {
        pm("run", "--timeout", "30s", "--", "sh", "-c", "exit 3").assertExit(3);
    }

    /** With the streams, the variables and the signals of a process. */
    @Test
    void streams_passThroughUntilTheEnd() throws Exception {
        Path gate = tmp.path("gate");
        String script = "echo $$; while [ ! -e '" + gate + "' ]; do sleep 0.05; done;"
                + " echo \"$LC_ALL|${LC_CTYPE-none}|$LANG|${PM_CALLER_LOCALE-none}\"; cat; echo err >&2; exec sleep 30";
        PmApp app = PmApp.of("run", "--stdin", "-", "--", "sh", "-c", script)
                .env("LC_ALL", "C.UTF-8")
                .env("LC_CTYPE", "C.UTF-8")
                .env("LANG", "C.UTF-8")
                .env("PM_CALLER_LOCALE", "LC_ALL=POSIX\nLANG=de_DE=x\n")
                .stdin("line ä\nno end");
        try (Running running = app.start()) {
            Eventually.assertThat(
                    SOON, "the first line arrives", () -> running.out().endsWith("\n"));
            long child = Long.parseLong(running.out().strip());
            assertTrue(running.isAlive());
            Files.createFile(gate);
            Eventually.assertThat(
                    SOON, "the rest", () -> running.out().endsWith("\nPOSIX|none|de_DE=x|none\nline ä\nno end"));
            running.signal("TERM");
            assertEquals("err\n", running.await().assertExit(143).err());
            assertGone(child);
        }
    }

    @Test
    void json_hasTheDocumentedFields() throws Exception {
        Path in = Files.writeString(tmp.path("in"), "from stdin\n");
        String[] line = {"run", "--json", "--stdin", in.toString(), "--", "sh", "-c", "cat; printf 'e\\377\"' >&2"};
        Outcome outcome = pm(line).assertExit(0);
        JsonNode json = outcome.json();
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "pid",
                        "status",
                        "endReason",
                        "durationMillis",
                        "stdout",
                        "stderr",
                        "truncated",
                        "streamsIncomplete",
                        "pipeHolders",
                        "usage",
                        "stopReport"),
                names);
        assertTrue(json.get("stopReport").isNull());
        if (NativeLayer.available()) {
            assertTrue(json.get("usage").get("userMillis").longValue() >= 0);
            assertTrue(json.get("usage").get("systemMillis").longValue() >= 0);
            assertTrue(json.get("usage").get("maxResidentBytes").isNull(), "the memory of pm is not that of cat");
        } else {
            assertTrue(json.get("usage").isNull());
        }
        assertEquals("from stdin\n", json.get("stdout").textValue());
        assertEquals("e\uFFFD\"", json.get("stderr").textValue());
        assertFalse(json.get("truncated").booleanValue());
        assertFalse(json.get("streamsIncomplete").booleanValue());
        assertTrue(json.get("pipeHolders").isArray() && json.get("pipeHolders").isEmpty());
        assertEquals("", outcome.err());
    }

    @Test
    void stop_isReportedByStep() {
        Outcome outcome = pm(
                        "run",
                        "--json",
                        "--timeout",
                        "1s", // by then it has its trap
                        "--stop-policy",
                        "SIGTERM:100ms,KILL:5s",
                        "--",
                        "sh",
                        "-c",
                        "trap '' TERM; while :; do sleep 0.1; done")
                .assertExit(124);
        assertEquals("pm: sh did not exit within 1 s (ended by KILL)\n", outcome.err());
        JsonNode json = outcome.json();
        JsonNode report = json.get("stopReport");
        assertEquals("KILL", report.get("effectiveStep").textValue());
        List<Long> signalled = new ArrayList<>();
        report.get("signalled").forEach(pid -> signalled.add(pid.longValue()));
        assertTrue(signalled.contains(json.get("pid").longValue()), json::toString);
        assertTrue(report.get("survivors").isEmpty());
        assertTrue(report.get("scanFailure").isNull());
        assertTrue(report.get("durationMillis").longValue() >= 100);
    }

    @Test
    void survivorOfAPolicyWithoutKill_isReported() {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        Outcome outcome = pm(
                "run",
                "--json",
                "--timeout",
                "300ms",
                "--stop-policy",
                "INT:100ms",
                "--",
                "sh",
                "-c",
                "trap '' INT TERM; echo $$; exec sleep 30");
        JsonNode json = outcome.assertExit(124).json();
        long pid = json.get("pid").longValue();
        try {
            assertStatus(json, "unknown", null, null);
            JsonNode report = json.get("stopReport");
            assertTrue(report.get("effectiveStep").isNull(), json::toString);
            assertEquals(1, report.get("survivors").size(), json::toString);
            assertEquals(pid, report.get("survivors").get(0).get("pid").longValue());
            assertTrue(outcome.err().contains("process " + pid + " is still running"), outcome::err);
            assertTrue(isRunning(pid), outcome::toString);
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void memoryOfTheProgram_isReportedIfAboveThatOfPm() {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        long bytes = 120L << 20; // more than a pm of its own has
        JsonNode json = PmApp.of("run", "--json", "--", "dd", "if=/dev/zero", "of=/dev/null", "bs=" + bytes, "count=1")
                .asProcess()
                .run()
                .assertExit(0)
                .json();
        assertTrue(json.get("usage").get("maxResidentBytes").longValue() >= bytes, json::toString);
    }

    /** The files that the JVM opens take the numbers of closed streams. */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void closedStreams_areNotReplacedByFiles(String nativeLayer) throws Exception {
        Path streams = tmp.path("streams");
        String script = "a=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo \"$a\" >'" + streams + "'";
        PmApp app = PmApp.of("run", "--log", tmp.path("log").toString(), "--", "sh", "-c", script)
                .option("-Dorg.processmanager.native=" + nativeLayer);
        Process process = withStreams("<&- >&- 2>&-", app);
        try {
            assertTrue(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
            assertEquals(List.of("/dev/null", "/dev/null", "/dev/null"), Files.readAllLines(streams));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process withStreams(String redirections, PmApp app) throws IOException {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + redirections, "sh"));
        line.addAll(app.commandLine());
        return new ProcessBuilder(line).start();
    }

    @Test
    void tree_endsWhatTheProgramLeftBehind() {
        JsonNode json = pm("run", "--tree", "--json", "--", "sh", "-c", "sleep 30 >/dev/null 2>&1 & echo $!")
                .assertExit(0)
                .json();
        long left = Long.parseLong(json.get("stdout").textValue().strip());
        assertGone(left);
        JsonNode report = json.get("stopReport");
        assertEquals("TERM", report.get("effectiveStep").textValue());
        assertEquals(1, report.get("signalled").size(), report::toString);
        assertEquals(left, report.get("signalled").get(0).longValue());
        assertTrue(report.get("survivors").isEmpty(), report::toString);
    }

    @Test
    void longOutput_isTruncated() {
        JsonNode json = pm("run", "--json", "--", "sh", "-c", "head -c 9000000 /dev/zero | tr '\\0' x")
                .assertExit(0)
                .json();
        assertTrue(json.get("truncated").booleanValue());
        assertEquals(8 * 1024 * 1024, json.get("stdout").textValue().length());
    }

    @Test
    @Scenario("process/1")
    void childLeftBehind_livesAndIsAPipeHolder() {
        Outcome outcome =
                pm("run", "--json", "--", "sh", "-c", "sleep 30 & echo $!").assertExit(0);
        long sleeper = Long.parseLong(outcome.json().get("stdout").textValue().strip());
        try {
            assertTrue(isRunning(sleeper), outcome::toString);
            assertEquals(sleeper, outcome.json().get("pipeHolders").get(0).longValue());
            assertTrue(outcome.json().get("streamsIncomplete").booleanValue());
            assertEquals("OWN_EXIT", outcome.json().get("endReason").textValue());
        } finally {
            ProcessHandle.of(sleeper).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void childLeftBehindWithOtherStreams_lives() {
        String left = stdout("--", "sh", "-c", "sleep 30 >/dev/null 2>&1 </dev/null & echo $!");
        long sleeper = Long.parseLong(left.strip());
        try {
            assertTrue(isRunning(sleeper));
        } finally {
            ProcessHandle.of(sleeper).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    @Scenario("public-app/1")
    void optionsAfterTheProgram_areItsOwn() {
        assertEquals("--verbose --json -h\n", stdout("echo", "--verbose", "--json", "-h"));
        assertEquals("-- x --\n", stdout("echo", "--", "x", "--"));
        assertEquals("-- x\n", stdout("--", "echo", "--", "x"));
        assertEquals("/\n", stdout("ls", "-d", "/"));
    }

    @Test
    @Scenario("public-app/4")
    void signals_arePassedOn() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "needs the native layer");
        String script = "for s in USR1 USR2 HUP; do trap \"echo $s\" $s; done; echo $$; while :; do sleep 0.05; done";
        try (Running running = PmApp.of("run", "--die-with-parent", "--", "sh", "-c", script)
                .asProcess()
                .start()) {
            long child = awaitPid(running);
            for (String signal : List.of("USR1", "USR2", "HUP")) {
                running.signal(signal);
                Eventually.assertThat(SOON, signal, () -> running.out().endsWith(signal + "\n"));
            }
            assertTrue(isRunning(child) && running.isAlive());
            running.signal("KILL");
            assertGone(child);
        }
    }

    /** The terminal sends it to both; pm waits for a program that continues. */
    @Test
    void interruptInATerminal_isLeftToTheProgram() throws Exception {
        Outcome outcome =
                inTerminal("trap 'echo caught; trap - INT; echo ready' INT; echo ready; while :; do sleep 0.1; done");
        outcome.assertExit(0);
        assertTrue(outcome.out().contains("caught"), outcome::toString);
        assertTrue(outcome.out().endsWith("exit 130\n"), outcome::toString);
    }

    @Test
    void argumentsOfEveryKind_arriveVerbatim() {
        assertEquals(
                "[]\n[a b]\n[\"q\"]\n[']\n[*]\n[$HOME]\n[-x]\n[--json]\n[@x]\n",
                stdout("--", "printf", "[%s]\\n", "", "a b", "\"q\"", "'", "*", "$HOME", "-x", "--json", "@x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run --timeout x -- true",
                "run --timeout 0s -- true",
                "run --stop-policy TERM -- true",
                "run --stop-policy TERM:x -- true",
                "run --stop-policy NOSUCH:1s -- true",
                "run --stop-policy TERM:1s, -- true",
                "run --stdin /no/such/file -- cat",
                "run --no-such -- true",
                "run -o xml -- true"
            })
    void badUsage_isOneLineAnd2(String line) {
        pm(line.split(" ")).assertExit(2).complaint();
    }

    /** Runs a script in a terminal of its own, types Ctrl-C at each "ready"; the last line of the output is the exit code. */
    private static Outcome inTerminal(String script) throws Exception {
        String driver = """
                import os, pty, sys
                pid, terminal = pty.fork()
                if pid == 0:
                    os.execv(sys.argv[1], sys.argv[1:])
                seen, typed = b'', 0
                while True:
                    try:
                        data = os.read(terminal, 4096)
                    except OSError:
                        break
                    if not data:
                        break
                    seen += data
                    if seen.count(b'ready') > typed:
                        typed += 1
                        os.write(terminal, b'\\x03')
                status = os.waitpid(pid, 0)[1]
                print(seen.decode().replace('\\r', ''))
                print('exit', os.waitstatus_to_exitcode(status))
                """;
        List<String> line = new ArrayList<>(List.of("python3", "-c", driver));
        line.addAll(PmApp.of("run", "--", "sh", "-c", script).commandLine());
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), out, "", process.pid());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static long awaitPid(Running running) {
        Eventually.assertThat(
                SOON, "the pid of the program", () -> running.out().endsWith("\n"));
        return Long.parseLong(running.out().strip());
    }

    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z'; // an orphan may wait long for its reaper
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertGone(long pid) {
        Eventually.assertThat(SOON, "process " + pid + " is gone", () -> !isRunning(pid));
    }

    private static void assertStatus(JsonNode json, String kind, Integer code, String signal) {
        JsonNode status = json.get("status");
        assertEquals(3, status.size(), json::toString);
        assertEquals(kind, status.get("kind").textValue(), json::toString);
        assertEquals(
                code,
                code == null
                        ? status.get("code").numberValue()
                        : (Integer) status.get("code").intValue());
        assertEquals(signal, status.get("signal").textValue(), json::toString);
    }
}
