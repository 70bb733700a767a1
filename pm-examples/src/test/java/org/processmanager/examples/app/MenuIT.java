package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** {@code pm menu} through a pipe: every entry, and what goes wrong in it. */
@Timeout(180)
class MenuIT {
    @RegisterExtension
    static final LeakCheck LEAKS = PmApp.leakCheck();

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PROMPT = "entry:";
    /** Of a thread that sleeps, but for the moments in which it begins to or wakes up. */
    static final String STATE = "(RUNNABLE|BLOCKED|WAITING|TIMED_WAITING)";

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void session_worksThroughAPipe() {
        Outcome outcome = PmApp.of("menu")
                .stdin("2\nworker-x\n5\nhello there\n6\n3\nworker-x\n7\n9\n")
                .run()
                .assertExit(0);
        List<String> said = said(outcome);
        assertMatches("inbox: mapped:menu-\\d+", said.get(0));
        assertMatches("thread worker-x started \\(Java id \\d+, native id \\d+\\)", said.get(3));
        assertMatches("sent to mapped:menu-\\d+", said.get(6));
        assertEquals("received: hello there", said.get(8));
        assertMatches("thread worker-x ended: cancelled after \\d+\\.\\d s", said.get(11));
        assertMatches("cleared /.*log", said.get(13));
        assertEquals(PROMPT, said.get(14));
        assertEquals(15, said.size(), outcome::toString);
        assertEquals("", outcome.err());
        assertEquals(
                List.of(
                        "1 create a process",
                        "2 create a thread",
                        "3 terminate a thread",
                        "4 monitor all running processes",
                        "5 send an IPC message",
                        "6 receive an IPC message",
                        "7 clear the log file",
                        "8 process synchronization (producer-consumer)",
                        "9 exit"),
                outcome.out().lines().filter(MenuIT::isEntry).limit(9).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2\n", "2\nno end of the line", "1\n", "1\nkid\n1\n", "8\n"})
    void endOfTheInput_is9InAnyEntry(String input) {
        Outcome outcome = PmApp.of("menu").stdin(input).run().assertExit(0);
        assertEquals("", outcome.err(), outcome::toString);
    }

    @Test
    void receive_withoutAMessage_reportsIt() {
        assertEquals(List.of(PROMPT, "nothing there", PROMPT), saidBehindTheInbox("6", "9"));
    }

    @Test
    void message_ofAnotherProgramArrives() throws Exception {
        try (Running menu = PmApp.of("menu").dialog().start()) {
            String inbox = awaitInbox(menu);
            pm("send", inbox, "from outside \033[2J ä").assertExit(0);
            menu.type("6");
            menu.type("9");
            Outcome outcome = menu.await().assertExit(0);
            assertTrue(outcome.out().contains("received: from outside ?[2J ä\n"), outcome::toString);
        }
    }

    @Test
    void send_toAFullInbox_reportsIt() {
        String text = "x".repeat(30_000);
        Outcome outcome = PmApp.of("menu")
                .stdin(String.join("\n", "5", text, "5", text, "5", text, "6", "6", "6", "5", text, "6", "9\n"))
                .run()
                .assertExit(0);
        assertEquals("pm: the inbox is full: receive some of its messages first\n", outcome.err());
        assertEquals(
                List.of("sent", "sent", "received", "received", "nothing", "sent", "received"),
                said(outcome).stream()
                        .filter(line -> line.equals("received: " + text) || line.matches("(sent|nothing) .*"))
                        .map(line -> line.split("[: ]")[0])
                        .toList());
    }

    @Test
    void program_hasTheStreamsOfTheMenu() throws Exception {
        Files.createFile(tmp.path("a file"));
        List<String> input = List.of(
                "1\nsh -c 'echo out; echo err >&2; exit 7'",
                "1\nprintf [%s] \"a \\\" b\" 'c $d' e\\ f",
                "1\nhead -n 1\nnot for the menu", // by another program, the lines after its command line are read
                "1\nls '" + tmp.directory() + "'",
                "1\nps -e",
                "1\nbc\n2 + 3 * 4\n");
        Outcome outcome = PmApp.of("menu")
                .asProcess()
                .stdin(String.join("\n", input))
                .run()
                .assertExit(0);
        List<String> said = said(outcome);
        assertEquals("out", said.get(3), outcome::toString);
        assertMatches("sh \\(pid \\d+\\) ended: exit code 7 after \\d+\\.\\d s", said.get(4));
        assertMatches(
                "\\[a \" b\\]\\[c \\$d\\]\\[e f\\]printf \\(pid \\d+\\) ended: exit code 0 after .*", said.get(7));
        assertTrue(
                outcome.out().matches("(?s).*\nnot for the menu\nhead \\(pid \\d+\\) ended: exit code 0 after .*"),
                outcome::toString);
        assertTrue(outcome.out().contains("\na file\nls (pid "), outcome::toString);
        assertTrue(outcome.out().matches("(?s).*\n *\\d+ [^\n]* java\n.*"), outcome::toString);
        assertTrue(outcome.out().contains("\n14\nbc (pid "), outcome::toString);
        assertEquals("err\n", outcome.err());
    }

    @Test
    void programBesideTheMenu_isMonitored() throws Exception {
        Path gate = tmp.path("gate");
        String program = "1\nsh -c 'while [ ! -e " + gate + " ]; do sleep 0.05; done; exit 3' &\n";
        try (Running menu = PmApp.of("menu").dialog().start()) {
            menu.type(program + "4\nown");
            Eventually.assertThat(
                    SOON, "the processes are listed", () -> menu.out().split(PROMPT + "\n", -1).length == 4);
            List<String> rows = menu.out()
                    .lines()
                    .filter(line -> line.matches(" *\\d+ +\\d+ .*"))
                    .toList();
            assertTrue(rows.stream().anyMatch(row -> row.matches(" *" + menu.pid() + " .*")), rows::toString);
            assertTrue(rows.stream().anyMatch(row -> row.matches(" *\\d+ +" + menu.pid() + " +sh .*")), rows::toString);
            Files.createFile(gate);
            Eventually.assertThat(SOON, "its end is reported", () -> {
                type(menu, "6");
                return menu.out().contains(") ended: exit code 3 after ");
            });
            menu.type("9");
            menu.await().assertExit(0);
        }
    }

    @Test
    void monitor_ofAllShowsOthersToo() {
        List<String> said = saidBehindTheInbox("4", "all", "9");
        assertMatches(" *PID +PARENT +NAME +STATUS", said.get(2));
        String self = Long.toString(ProcessHandle.current().pid());
        assertTrue(said.stream().anyMatch(line -> line.matches(" *" + self + " +\\d+ +java +\\w+")), said::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 1 threads", "1,1"})
    void producersAndConsumers_passEverything(String parties) throws Exception {
        Path home = Files.createDirectories(tmp.path("home"));
        Files.writeString(home.resolve("a.md"), "some words\n".repeat(100));
        Outcome outcome = PmApp.of("menu")
                .property("pm.home", home.toString())
                .stdin("8\n" + parties + "\n9\n")
                .run()
                .assertExit(0);
        assertTrue(outcome.out().matches("(?s).*\nitems +100 +expected +100\nwords +200 +.*"), outcome::toString);
        assertTrue(outcome.out().contains("\nlost 0, duplicated 0, redelivered 0\n"), outcome::toString);
    }

    @Test
    void child_hasThreadsOfItsOwn() {
        Path log = tmp.path("log");
        Outcome outcome = PmApp.of("menu", "--log", log.toString())
                .stdin("1\nkid\n1\nalpha\n1\nbeta gamma\n2\n3\nalpha\n2\n4\n9\n")
                .run()
                .assertExit(0);
        List<String> said = said(outcome);
        Matcher opened = Pattern.compile("kid is no program: it names a child JVM \\(pid (\\d+)\\), .*")
                .matcher(said.get(3));
        assertTrue(opened.matches(), outcome::toString);
        assertMatches("thread alpha started .*", said.get(6));
        assertMatches("thread beta gamma started .*", said.get(9));
        assertMatches("NAME +JAVA ID +NATIVE ID +STATE +CPU", said.get(11));
        assertMatches("alpha +\\d+ +\\d+ +" + STATE + " +\\d+\\.\\d ms", said.get(12));
        assertMatches("beta gamma +\\d+ +\\d+ +" + STATE + " +\\d+\\.\\d ms", said.get(13));
        assertMatches("thread alpha ended: cancelled after .*", said.get(16));
        assertMatches("beta gamma .*", said.get(19));
        assertMatches("kid \\(pid " + opened.group(1) + "\\) ended: exit code 0 after .*", said.get(21));
        assertEquals("", outcome.err());
        assertFalse(ProcessHandle.of(Long.parseLong(opened.group(1))).isPresent());
        List<ProcessEvent> events = EventLog.at(log).read().events();
        assertTrue(events.stream()
                .anyMatch(e ->
                        e instanceof ProcessEvent.ProcessEnded p && p.name().equals("kid")));
        assertTrue(events.stream()
                .anyMatch(
                        e -> e instanceof ProcessEvent.ThreadEnded t && t.name().equals("alpha")));
        assertEquals(2, events.stream().map(ProcessEvent::reporter).distinct().count(), "the child logs its own");
    }

    @Test
    void badInput_isOneLineAndTheMenuContinues() {
        String[][] bad = {
            {"x", "entry: \"x\" (expected: 1 to 9)"},
            {"10", "entry: \"10\""},
            {"", "entry: \"\""},
            {"2\n", "name: \"\" (expected: 1 to 128 characters"},
            {"3\n", "name: \"\" (expected: a thread that runs; there is none)"},
            {"2\ntwin\n2\ntwin", "\"twin\": a live thread has this name"},
            {"3\nnobody", "name: \"nobody\" (expected: a thread that runs; there are: twin)"},
            {"2\n" + "n".repeat(70_000), "a line of 70000 bytes"},
            {"1\n", "command line: nothing"},
            {"1\n  \t", "command line: nothing"},
            {"1\n&", "command line: nothing"},
            {"1\n/no/such/program", "/no/such/program"},
            {"1\nno-such-program --at all", "no-such-program"},
            {"1\nno-such-program &", "no-such-program"},
            {"1\n/etc/hostname", "/etc/hostname"},
            {"1\n\"half open", "expected: a second \""},
            {"1\nhalf\\", "expected: a character after"},
            {"1\nkid\n8", "entry: \"8\" (expected: 1 to 4)"},
            {"3\nnobody", "name: \"nobody\" (expected: a thread that runs; there is none)"},
            {"1\n\n9", "name: \"\" (expected: 1 to 128 characters"},
            {"4\nmine", "processes: \"mine\" (expected: own"},
            {"8\nthree", "answer: \"three\""},
            {"8\n0 1", "producers: 0 (expected: 1 to 64)"},
            {"8\n1 1", "no input"},
        };
        String input = Stream.of(bad).map(one -> one[0] + "\n").collect(Collectors.joining()) + "6\n9\n";
        Outcome outcome = PmApp.of("menu").stdin(input).run().assertExit(0);
        List<String> complaints = outcome.err().lines().toList();
        for (int i = 0; i < Math.min(bad.length, complaints.size()); i++) {
            String complaint = complaints.get(i);
            assertTrue(complaint.startsWith("pm: ") && complaint.contains(bad[i][1]), bad[i][1] + " : " + complaint);
        }
        assertEquals(bad.length, complaints.size(), outcome.err());
        assertTrue(outcome.out().contains("nothing there"));
    }

    @Test
    void actions_areLoggedUntilEntry7ClearsTheLog() throws Exception {
        Path log = tmp.path("log");
        PmApp.of("menu", "--log", log.toString())
                .stdin("2\nold\n5\ntext\n6\n1\ntrue --\n7\n2\nnew\n3\nnew\n9\n")
                .run()
                .assertExit(0);
        List<ProcessEvent> events = EventLog.at(log).read().events();
        assertFalse(EventLog.at(log).read().toString().contains("MessageSent"), "cleared");
        assertTrue(events.stream()
                .anyMatch(
                        e -> e instanceof ProcessEvent.ThreadEnded t && t.name().equals("new")));
        assertTrue(events.stream()
                .anyMatch(
                        e -> e instanceof ProcessEvent.ThreadEnded t && t.name().equals("old")));
    }

    @Test
    void termination_endsTheMenuAndLeavesNothing() throws Exception {
        try (Running menu = PmApp.of("menu").dialog().asProcess().start()) {
            List<ProcessHandle> children = startEverything(menu);
            menu.signal("TERM");
            menu.await().assertExit(143);
            Eventually.assertThat(
                    SOON, "no child lives", () -> children.stream().noneMatch(ProcessHandle::isAlive));
            assertEquals(List.of(), filesOf(menu));
        }
    }

    @Test
    void killedMenu_leavesItsInboxAlone() throws Exception {
        try (Running menu = PmApp.of("menu").dialog().asProcess().start()) {
            List<ProcessHandle> children = startEverything(menu);
            List<ProcessHandle> jvms =
                    children.stream().filter(child -> isJava(child.pid())).toList();
            assertEquals(1, jvms.size());
            String inbox = "menu-" + menu.pid();
            try {
                menu.signal("KILL");
                menu.await().assertExit(137);
                Eventually.assertThat(
                        SOON, "the child JVM is gone", () -> !jvms.get(0).isAlive());
                Eventually.assertThat(
                        SOON, "the inbox alone is left", () -> filesOf(menu).equals(List.of(inbox)));
            } finally {
                children.forEach(ProcessHandle::destroyForcibly); // the program in the background is still running
                Files.deleteIfExists(Tmp.sharedDirectory().resolve(inbox));
            }
        }
    }

    /** A thread, a program beside the menu, and a child JVM with a thread; both processes. */
    private static List<ProcessHandle> startEverything(Running menu) throws IOException {
        menu.type("2\nworker\n1\nsleep 1000 &\n1\nkid\n1\ninside");
        Eventually.assertThat(SOON, "all runs", () -> menu.out().contains("thread inside started"));
        List<ProcessHandle> children =
                ProcessHandle.of(menu.pid()).orElseThrow().children().toList();
        assertEquals(2, children.size());
        assertEquals(3, filesOf(menu).size(), "an inbox and two channels");
        return children;
    }

    private static void type(Running menu, String line) {
        try {
            menu.type(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isJava(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("java");
        } catch (IOException e) {
            return true; // gone
        }
    }

    /** What a menu has in the directory of named regions. */
    static List<String> filesOf(Running menu) {
        String inbox = "menu-" + menu.pid();
        return sharedFiles(inbox).stream()
                .filter(name -> name.equals(inbox) || name.startsWith(inbox + "-"))
                .toList();
    }

    static List<String> sharedFiles(String prefix) {
        try (Stream<Path> files = Files.list(Tmp.sharedDirectory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String awaitInbox(Running menu) {
        Eventually.assertThat(SOON, "the menu is there", () -> menu.out().contains(PROMPT));
        return menu.out().lines().findFirst().orElseThrow().substring("inbox: ".length());
    }

    private static List<String> saidBehindTheInbox(String... lines) {
        Outcome outcome =
                PmApp.of("menu").stdin(String.join("\n", lines) + "\n").run().assertExit(0);
        List<String> said = said(outcome);
        return said.subList(1, said.size());
    }

    /** The lines but those of the menus. */
    private static List<String> said(Outcome outcome) {
        return outcome.out().lines().filter(line -> !isEntry(line)).toList();
    }

    private static boolean isEntry(String line) {
        return line.matches("[1-9] [a-z].*");
    }

    private static void assertMatches(String regex, String line) {
        assertTrue(line.matches(regex), () -> "'" + line + "' is not " + regex);
    }
}
