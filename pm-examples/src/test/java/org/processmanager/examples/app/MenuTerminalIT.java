package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** {@code pm menu} as a person uses it, at a terminal; what the screen shows is what counts. */
@Timeout(180)
class MenuTerminalIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().after(NativeLayer::available);

    private static final String PROMPT = "entry:";
    private static final String COMMAND_PROMPT = "command line, or a name for a child JVM: ";

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Tmux terminal;
    private Path log;

    @BeforeEach
    void start() throws Exception {
        log = tmp.path("log");
        Path home = Files.createDirectories(tmp.path("home"));
        Files.writeString(home.resolve("a.md"), "some words\n".repeat(100));
        terminal = Tmux.start(PmApp.of("menu").option("-Dpm.home=" + home).commandLine(), "PM_LOG=" + log);
        awaitPrompt(1);
    }

    @AfterEach
    void end() {
        terminal.close();
    }

    @Test
    void programs_haveTheTerminal() throws Exception {
        Files.createFile(tmp.path("a file of ours"));
        choose("1", COMMAND_PROMPT, "ls '" + tmp.directory() + "'");
        awaitPrompt(2);
        assertShows(".*a file of ours.*", "ls \\(pid \\d+\\) ended: exit code 0 after \\d+\\.\\d s");

        choose("1", COMMAND_PROMPT, "bc -q");
        terminal.type("2 + 3 * 4");
        terminal.await("the calculator calculates", screen -> screen.endsWith("\n14"));
        // no C-d: Linux loses it if it comes just when the calculator takes over the terminal, as it does for each line
        terminal.type("quit");
        awaitPrompt(3);
        // the line is echoed twice if it comes before the calculator has taken over the terminal
        assertShows(".*2 \\+ 3 \\* 4", "14", "bc \\(pid \\d+\\) ended: exit code 0 after .*");

        choose("1", COMMAND_PROMPT, "sh -c 'echo ready; exec sleep 1000'");
        terminal.await("the program runs", screen -> screen.endsWith("\nready"));
        terminal.key("C-c");
        awaitPrompt(4);
        String end = NativeLayer.available() ? "signal INT" : "exit code 130";
        assertShows(".*sh \\(pid \\d+\\) ended: " + end + " after .*");

        choose("1", COMMAND_PROMPT, "no-such-program --at all");
        awaitPrompt(5);
        assertShows("pm: .*no-such-program.*");

        choose("1", COMMAND_PROMPT, "sleep 1000 &");
        awaitPrompt(6);
        Matcher started = Pattern.compile("sleep \\(pid (\\d+)\\) started").matcher(terminal.screen());
        assertTrue(started.find());
        terminal.key("C-c"); // at the prompt
        awaitEnd(130);
        assertTrue(ProcessHandle.of(Long.parseLong(started.group(1))).isEmpty());
    }

    @Test
    void entries2To9_doWhatTheySay() {
        assertShows(
                "inbox: mapped:menu-\\d+",
                "1 create a process",
                "2 create a thread",
                "3 terminate a thread",
                "4 monitor all running processes",
                "5 send an IPC message",
                "6 receive an IPC message",
                "7 clear the log file",
                "8 process synchronization \\(producer-consumer\\)",
                "9 exit");
        choose("2", "name: ", "worker-x");
        awaitPrompt(2);
        assertShows("entry: 2", "name: worker-x", "thread worker-x started \\(Java id \\d+, native id \\d+\\)");
        choose("3", "name: ", "worker-x");
        awaitPrompt(3);
        assertShows("thread worker-x ended: cancelled after \\d+\\.\\d s");
        choose("4", "own or all: ", "own");
        awaitPrompt(4);
        assertShows(" *PID +PARENT +NAME +STATUS", " *\\d+ +\\d+ +java +\\w+");
        choose("5", "text: ", "hello there");
        awaitPrompt(5);
        terminal.type("6");
        awaitPrompt(6);
        assertShows("received: hello there");
        Matcher inbox = Pattern.compile("inbox: (mapped:\\S+)").matcher(terminal.screen());
        assertTrue(inbox.find());
        pm("send", inbox.group(1), "from outside").assertExit(0);
        terminal.type("6");
        awaitPrompt(7);
        assertShows("received: from outside");
        terminal.type("6");
        awaitPrompt(8);
        assertShows("nothing there");
        assertTrue(EventLog.at(log).read().events().size() >= 5);
        terminal.keys("17");
        terminal.await("what was typed", screen -> screen.endsWith("\nentry: 17"));
        terminal.key("Left");
        terminal.key("BSpace");
        terminal.await("the line was edited", screen -> screen.endsWith("\nentry: 7"));
        terminal.key("Enter");
        awaitPrompt(9);
        assertShows("cleared " + log);
        assertEquals(List.of(), EventLog.at(log).read().events());
        choose("8", "producers, consumers, processes or threads \\(empty: 2 2 processes\\): ", "1 1 threads");
        awaitPrompt(10);
        assertShows("items +100 +expected +100", "lost 0, duplicated 0, redelivered 0");
        terminal.type("hello");
        awaitPrompt(11);
        assertShows("pm: entry: \"hello\" \\(expected: 1 to 9\\)");
        terminal.key("C-d"); // the end of the input is 9
        awaitEnd(0);
    }

    @Test
    void terminalThatGoesAway_endsTheMenuAndWhatItStarted() {
        choose("1", COMMAND_PROMPT, "kid");
        terminal.await("the child's menu", screen -> screen.endsWith("\nkid:"));
        assertShows(
                "kid is no program: it names a child JVM \\(pid \\d+\\), .*",
                "1 create a thread there",
                "2 list the threads there",
                "3 stop a thread there",
                "4 exit \\(as 9\\)");
        choose("1", "name: ", "inside");
        terminal.await(
                "it was created", screen -> screen.endsWith("\nkid:") && screen.contains("thread inside started"));
        terminal.type("2");
        terminal.await("the list", screen -> screen.endsWith("\nkid:") && screen.contains("NATIVE ID"));
        assertShows("NAME +JAVA ID +NATIVE ID +STATE +CPU", "inside +\\d+ +\\d+ +" + MenuIT.STATE + " +\\d+\\.\\d ms");
        choose("3", "name: ", "inside");
        terminal.await(
                "its end", screen -> screen.endsWith("\nkid:") && screen.contains("thread inside ended: cancelled"));
        Matcher started = Pattern.compile("\\(pid (\\d+)\\), whose menu").matcher(terminal.screen());
        assertTrue(started.find());
        terminal.close();
        Eventually.assertThat(
                Duration.ofSeconds(30), "the child is gone", () -> ProcessHandle.of(Long.parseLong(started.group(1)))
                        .isEmpty());
        // that its files are gone is seen by the LeakCheck
    }

    private void choose(String entry, String prompt, String answer) {
        terminal.type(entry);
        Pattern asked = Pattern.compile("(?s).*\n" + prompt.strip());
        terminal.await(prompt, screen -> asked.matcher(screen).matches());
        terminal.type(answer);
    }

    private void awaitEnd(int code) {
        terminal.await("the end", screen -> screen.endsWith("left with " + code));
    }

    /** Waits for the prompt of the menu, the so-many-th. */
    private void awaitPrompt(int count) {
        terminal.await(
                "prompt " + count,
                screen -> screen.endsWith("\n" + PROMPT)
                        && screen.lines()
                                        .filter(line -> line.startsWith(PROMPT))
                                        .count()
                                == count);
    }

    /** That there are lines that match, in this order. */
    private void assertShows(String... lines) {
        String screen = terminal.screen();
        int next = 0;
        for (String line : screen.lines().toList()) {
            if (next < lines.length && line.matches(lines[next])) {
                next++;
            }
        }
        assertEquals(
                lines.length, next, () -> "not all, in this order: " + String.join(" | ", lines) + " on\n" + screen);
    }
}
