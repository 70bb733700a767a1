package org.processmanager.examples.app.cli.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.channel.PmRun;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Command lines from a file or an input that is no terminal, in one process. */
class ScriptTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void lines_runUpToTheEnd() throws IOException {
        Path script = script("# a comment", "", "  send 'fifo:x y' # not run", "exit", "no-such-command");
        PmRun refused = pm("script", script.toString()).assertExit(2);
        assertEquals(2, refused.err().lines().count(), refused.err());
        assertTrue(refused.err().contains(script + ", line 3: exit code 2: send"), refused.err());

        Path good = script("pm --version", "./pm ps --name 'no such \"name\"' -o jsonl", "exit", "no-such-command");
        PmRun run = pm("script", good.toString()).assertExit(0);
        assertTrue(run.out().startsWith("pm ") && run.lines().size() == 1, run.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rum | 2 | line 2: exit code 2: rum",
                "run -- no-such-program | 127 | line 2: exit code 127",
                "locks no-such-region | 3 | line 2: exit code 3",
                "ps 'x | 2 | line 2: command line: ps 'x (expected: a second ')",
                "shell | 2 | this is a shell already"
            })
    @Scenario("public-app/7")
    void firstError_endsTheShell(String line, int code, String expected) {
        byte[] input = ("--version\n" + line + "\n--version\n").getBytes(UTF_8);
        PmRun run = pm(input, "shell").assertExit(code);
        assertEquals(1, run.lines().size(), run.out());
        assertTrue(run.err().contains(expected), run.err());
    }

    @Test
    void command_readsTheRestOfTheInput() throws IOException {
        String endpoint = "mapped:" + tmp.path("channel");
        byte[] input = ("send --stdin whole " + endpoint + "\nrum\n").getBytes(UTF_8);
        pm(input, "shell").assertExit(0);
        assertEquals("rum\n\n", pm("recv", endpoint).assertExit(0).out());
    }

    @Test
    void globalOptions_areThoseOfEachLine() throws IOException {
        Path log = tmp.path("log");
        Path other = tmp.path("other");
        byte[] input = ("run -- true\nrun --log " + other + " -- false").getBytes(UTF_8);
        Terminal terminal = Terminal.of(
                new ByteArrayInputStream(input),
                new ByteArrayOutputStream(),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
        assertEquals(1, App.run(terminal, "--log", log.toString(), "shell"));
        assertTrue(Files.readString(log).contains("true")
                && Files.readString(other).contains("false"));
    }

    @Test
    void badScript_isRefused() throws IOException {
        pm("script", tmp.path("none").toString()).assertExit(2);
        Path binary = tmp.path("binary");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertTrue(pm("script", binary.toString()).assertExit(2).err().contains("not UTF-8"));
    }

    @Test
    @Scenario("public-app/6")
    void historyFile_isPrivateOrNone() throws IOException {
        Path file = tmp.path("state").resolve("history");
        assertEquals(file, open(file, ""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(file, open(file, ""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.write(file, new byte[] {(byte) 0xff});
        assertEquals(null, open(file, "is not text in UTF-8; delete it"));
        Files.delete(file);
        Files.createDirectory(file);
        assertEquals(null, open(file, "not a regular file"));
        assertEquals(null, open(Path.of("/proc/pm/history"), "no history: /proc/pm/history"));
        Files.delete(file);
        Files.delete(file.getParent());
    }

    private static Path open(Path file, String complaint) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = Terminal.of(
                InputStream.nullInputStream(), new ByteArrayOutputStream(), new PrintStream(err, true, UTF_8));
        Path opened = HistoryFile.open(terminal, file);
        assertTrue(err.toString(UTF_8).contains(complaint), err.toString(UTF_8));
        assertEquals(complaint.isEmpty() ? 0 : 1, err.toString(UTF_8).lines().count());
        return opened;
    }

    private Path script(String... lines) throws IOException {
        return Files.writeString(tmp.path("script"), String.join("\n", lines));
    }
}
