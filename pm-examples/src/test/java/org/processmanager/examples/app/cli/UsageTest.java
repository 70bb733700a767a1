package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Scenario;

/** What is refused before anything happens, and help. */
class UsageTest {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private final String level = System.getProperty(LEVEL);

    /** The option sets it for the whole JVM, as it should in the app; other tests hand it on to their children. */
    @AfterEach
    void restoreLevel() {
        if (level == null) {
            System.clearProperty(LEVEL);
        } else {
            System.setProperty(LEVEL, level);
        }
    }

    @Test
    void version_isOneLine() {
        assertEquals(0, pm("--version"));
        assertTrue(text(out).matches("pm \\S+\\R"), text(out));
        assertTrue(text(out).matches("pm \\d.*\\R"), () -> "not filtered: " + text(out));
        assertEquals("", text(err));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "help run", "run --help", "ps -h", "help demo", "send --help"})
    void help_isOnStandardOutput(String line) {
        assertEquals(0, pm(line.split(" ")));
        assertTrue(text(out).startsWith("Usage: pm"), text(out));
        assertEquals("", text(err));
    }

    @Test
    void noCommand_listsTheCommands() {
        assertEquals(0, pm());
        for (String command : App.COMMANDS) {
            assertTrue(text(out).contains("\n  " + command + " "), () -> command + " is not in\n" + text(out));
        }
        assertEquals("", text(err));
    }

    @Test
    void completion_isAScriptForTheShell() {
        assertEquals(0, pm("completion"));
        assertTrue(text(out).contains("complete -F _complete_pm"), text(out));
        assertTrue(text(out).contains("--stop-policy"), text(out));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-such | there is no command no-such (see pm --help)",
                "rum | there is no command rum; did you mean: rm, run?",
                "tpo | did you mean: top?",
                "--no-such | there is no option --no-such",
                "--log x --versoin | --version? (see pm --help)",
                "run --timout 1s -- true | did you mean: --timeout",
                "shm lst | did you mean: ls",
                "bench | ./pm bench",
                "run | Missing required parameter: 'CMD'",
                "run --timeout 1x -- true | (expected: a duration",
                "run --timeout 0ms -- true | (expected: more than nothing)",
                "run --limit openFiles -- true | 'openFiles' (expected: openFiles=N",
                "run --limit memory=64m,no=1 -- true | 'no=1' (expected: openFiles=N",
                "run --limit openFiles=0 -- true | openFiles: 0 (expected: at least 1)",
                "run --limit memory=1x -- true | '1x' (expected: a size",
                "run --limit memory=99999999t -- true | less than 8 exabytes)",
                "run --limit cpu=soon -- true | (expected: a duration",
                "run --limit openFiles=64,openFiles=32 -- true | --limit: openFiles twice (expected: each once)",
                "run --limit cpu=9s --limit core=0,cpu=8s -- true | --limit: cpu twice (expected: each once)",
                "run --nice 20 -- true | niceness: 20 (expected: -20 to 19)",
                "run --umask 8 -- true | '8' (expected: octal digits",
                "run --umask 1000 -- true | (expected: octal 0 to 777)",
                "run --env =x -- true | '=x' (expected: NAME=VALUE)",
                "ps --no-such | there is no option --no-such",
                "ps -o xml | [table, wide, json, jsonl, csv]",
                "ps extra | unexpected argument: 'extra'",
                "ps --sort size | pid, cpu, memory",
                "ps --port 65536 | --port: 65536 (expected: 1 to 65535)",
                "ps --watch 99ms | --watch: 99 ms (expected: at least 100ms)",
                "ps --count 2 | --count without --watch (expected: both)",
                "ps --watch --count 0 | --count: 0 (expected: at least 1)",
                "top --interval soon | (expected: a duration",
                "info | NAME, PID or --port is missing (expected: at least one)",
                "stop | NAME, PID or --port is missing (expected: at least one)",
                "stop --port 0 | --port: 0 (expected: 1 to 65535)",
                "stop --stop-policy x 1 | (expected: steps",
                "signal | Missing required parameter: 'SIGNAL'",
                "signal TERM | NAME, PID or --port is missing (expected: at least one)",
                "signal no-such 1 | no-such",
                "signal 65 1 | 65",
                "send | Missing required parameter: 'ENDPOINT'",
                "send mapped:x | TEXT is missing, or --stdin",
                "send mapped:x text --stdin whole | TEXT and --stdin (expected: one of them)",
                "send mapped:x --stdin words | lines, whole",
                "send mapped:x text --count 0 | --count: 0 (expected: at least 1)",
                "send mapped:x --stdin lines --count 2 | --count with TEXT",
                "recv mapped:x --count 0 | --count: 0 (expected: at least 1)",
                "recv mapped:x --raw -o json | --raw and -o json",
                "recv mapped:x --timeout soon | (expected: a duration",
                "send no-colon text | there is no colon",
                "recv no-colon | there is no colon",
                "recv nosuch:x | nosuch is unknown (expected: ",
                "send nosuch:x text | nosuch is unknown (expected: ",
                "recv mapped: | (expected: a name or a path",
                "recv mapped:x?a=b | option a",
                "channel | a command is missing",
                "channel lst | did you mean: ls?",
                "channel stat | Missing required parameter: 'ENDPOINT'",
                "channel dump mapped:x -n 0 | --count: 0 (expected: at least 1)",
                "demo --kill both | [producer, consumer]",
                "channel stat nosuch:x | nosuch is unknown (expected: ",
                "demo --producers 0 | --producers: 0 (expected: 1 to 64)",
                "demo --consumers 65 | --consumers: 65 (expected: 1 to 64)",
                "demo --producers many | 'many' is not an int",
                "demo extra | unexpected argument: 'extra'",
                "demo --input /no/such/file | /no/such/file: no such file",
                "demo --input | Missing required parameter for option '--input'",
                "demo --produce-every soon | 'soon' (expected: a duration",
                "menu extra | unexpected argument: 'extra'",
                "events -o xml | xml",
                "log | a command is missing (see pm log --help)",
                "log empty | there is no command empty (see pm log --help)",
                "report --log | Missing required parameter for option '--log'"
            })
    void badUsage_isOneLineAnd2(String line, String expected) {
        String home = System.getProperty(DemoCommand.HOME);
        System.setProperty(DemoCommand.HOME, "/nowhere");
        try {
            assertEquals(2, pm(line.split(" ")), text(err));
        } finally {
            if (home == null) {
                System.clearProperty(DemoCommand.HOME);
            } else {
                System.setProperty(DemoCommand.HOME, home);
            }
        }
        assertEquals("", text(out));
        assertEquals(1, text(err).lines().count(), text(err));
        assertTrue(text(err).startsWith("pm: ") && text(err).contains(expected), text(err));
    }

    @ParameterizedTest
    @CsvSource({
        "shm ls -o json, 1",
        "shm ls, 1",
        "--help, 1",
        "run --help, 125",
        "run --json --log /dev/null -- true, 125"
    })
    void answerThatCannotBeWritten_isAFailure(String line, int expected) throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "needs a full device");
        try (OutputStream out = new FileOutputStream(full.toFile())) {
            assertEquals(expected, pm(out, line.split(" ")));
        }
        assertTrue(text(err).startsWith("pm: the answer cannot be written to standard output: "), text(err));
        assertEquals(1, text(err).lines().count(), text(err));
    }

    @Test
    void readerThatHasEnough_isNoFailure() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        try (OutputStream out = Channels.newOutputStream(pipe.sink())) {
            assertEquals(0, pm(out, "shm", "ls"));
        }
        assertEquals("", text(err));
    }

    /** What a terminal executes: escape sequences in both forms, a line of its own, a reversed order. */
    private static final String UNSAFE = "x\033[31m\u009b2J\rpm\u202ey\177\b\nz";

    @ParameterizedTest
    @Scenario("public-app/2")
    @ValueSource(
            strings = {
                "%",
                "--%",
                "help %",
                "run %",
                "run /%",
                "run --timeout % true",
                "run --dir /% true",
                "run --stdin /% cat",
                "run --limit % true",
                "run --limit openFiles=% true",
                "run --env =% true",
                "run --umask % true",
                "run --user % true",
                "run --stop-policy % true",
                "run --stop-policy %:1s true",
                "run --nice % true",
                "ps -o %",
                "ps %",
                "info %",
                "stop %",
                "kill %",
                "signal % 1",
                "signal TERM %",
                "send % text",
                "send %:x text",
                "send mapped:x?%=1 text",
                "recv %:x",
                "recv mapped:/%",
                "recv fifo:%",
                "channel %",
                "channel stat %:x",
                "channel stat fifo:%",
                "channel dump mapped:/%",
                "locks %",
                "shm %",
                "shm rm --stale %",
                "demo --input /%",
                "demo --producers %",
                "demo --kill %",
                "menu %"
            })
    void inputInAComplaint_isSafeForTheTerminal(String line) {
        for (String debug : List.of("", "--debug ")) {
            out.reset();
            err.reset();
            int code = pm((debug + line).replace("%", UNSAFE).split(" "));
            assertTrue(code != 0, () -> "refused: " + text(out) + text(err));
            assertTrue(text(err).contains("x?[31m"), text(err));
            assertSafe(text(out));
            assertSafe(text(err));
            assertTrue(!debug.isEmpty() || text(err).lines().count() == 1, text(err));
        }
    }

    @Test
    @Scenario("public-app/2")
    void answerWithInput_isSafeForTheTerminal() throws IOException {
        Path log = Files.createTempFile("pm-usage-", ".log");
        String[] print = {"run", "--json", "--log", log.toString(), "--", "printf", "%s", UNSAFE};
        try {
            assertEquals(0, pm(print));
            assertSafe(text(out));
            assertEquals(
                    UNSAFE, new ObjectMapper().readTree(text(out)).get("stdout").textValue());
            for (String line : List.of("events", "events -o json", "report", "report -o json")) {
                out.reset();
                assertEquals(0, pm((line + " --log " + log).split(" ")));
                assertSafe(text(out));
                assertTrue(text(out).contains("printf"), text(out));
            }
            assertEquals("", text(err));
        } finally {
            Files.delete(log);
        }
    }

    private static void assertSafe(String text) {
        text.codePoints()
                .filter(c -> c != '\n' && c != '\t')
                .forEach(c -> assertTrue(!Character.isISOControl(c) && c != 0x202e, () -> c + " in " + text));
    }

    @Test
    void withoutVerbose_libraryWarningsAreNotShown() throws IOException {
        Properties logging = new Properties();
        try (InputStream in = UsageTest.class.getResourceAsStream("/simplelogger.properties")) {
            logging.load(in);
        }
        assertEquals("error", logging.getProperty(LEVEL));
    }

    @Test
    void debug_showsWhere() {
        assertEquals(2, pm("--debug", "demo", "--input", "/no/such/file"));
        assertTrue(text(err).contains("\tat "), text(err));
    }

    private int pm(String... arguments) {
        return pm(out, arguments);
    }

    private int pm(OutputStream to, String... arguments) {
        PrintStream complaints = new PrintStream(err, true, StandardCharsets.UTF_8);
        return App.run(Terminal.of(InputStream.nullInputStream(), to, complaints), arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
