package org.processmanager.examples.app.cli.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.app.cli.channel.PmRun;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

@Timeout(120)
class UpTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String write(String name, String text) throws IOException {
        return Files.writeString(tmp.path(name), text).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "`` -> :1:1: lists no process",
                "x = 1 -> :1:1: x is no table",
                "[a] -> :1:1: a: no command",
                "[a]~command = 5 -> :2:1: a.command: not a command",
                "[a]~command = [''x'', 1] -> :2:17: a.command: 1 (expected: text",
                "[a]~command = ''x -> :2:1",
                "[a]~comand = ''x'' -> :2:1: a.comand: there is no such key (did you mean command?)",
                "[a]~command = ''x''~[a] -> :3:1: a previously defined at line 1",
                "[a]~command = ''x''~depends_on = [''b''] -> :3:15: a depends on b, which the file does not list",
                "[a]~command = ''x''~depends_on = ''a'' -> :3:1: processes depend on each other: a -> a",
                "[a]~command = ''x''~ready_line = ''('' -> :3:1: a.ready_line: Unclosed group",
                "[a]~command = ''x''~ready_port = 70000 -> :3:1: a.ready_port",
                "[a]~command = ''x''~ready_port = 1~ready_file = ''f'' -> :4:1: a.ready_file: ready_port is given too",
                "[a]~command = ''x''~ready_timeout = 5 -> :3:1: a.ready_timeout: nothing is awaited",
                "[a]~command = ''x''~restart = ''often'' -> :3:1: a.restart",
                "[a]~command = ''x''~restart_longest_delay = ''1ms'' -> :3:1: a.restart_longest_delay",
                "[a]~command = ''x''~restart_limit = ''1 in 1s'' -> :3:1: a.restart_limit: it is never restarted",
                "[a]~command = ''x''~restart = ''always''~ restart_limit = ''5/1m'' -> :4:2: a.restart_limit: \"5/1m\"",
                "[a]~command = ''x''~restart = ''always''~restart_limit = ''5 in 0s'' -> :4:1: a.restart_limit: within",
                "[a]~command = ''x''~restart = ''always''~restart_limit = ''5 in x'' -> :4:1: a.restart_limit: 'x'",
                "[a]~command = ''x''~restart = ''always''~restart_limit = 5 -> :4:1: a.restart_limit: 5",
                "[a]~command = ''x''~stop_signal = ''NONE'' -> :3:1: a.stop_signal",
                "[a]~command = ''x''~stop_grace = ''soon'' -> :3:1: a.stop_grace",
                "[a]~command = ''x''~env = { B = [] } -> :3:9: a.env.B",
                "[''a b'']~command = ''x'' -> :1:1: name: \"a b\"",
                "[a]~command = ''x''~directory = ''missing'' -> a: no directory",
            })
    @Scenario("up/1")
    void mistake_isRefusedWithItsPlace(String text, String expected) throws Exception {
        String file = write("app.toml", text.replace('~', '\n').replace("''", "'"));
        PmRun run = PmRun.pm("up", "--check", file).assertExit(2);
        assertTrue(run.err().startsWith("pm: ") && run.err().contains(expected), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    @Test
    @Scenario("up/1")
    void procfile_isCheckedTheSame() throws Exception {
        assertTrue(PmRun.pm("up", write("P", "# c\n\na: x\n  b x\n"))
                .assertExit(2)
                .err()
                .contains(":4:3: 'b x'"));
        assertTrue(PmRun.pm("up", write("P", "a: x\na: y"))
                .assertExit(2)
                .err()
                .contains(":2:1: the name a is used in line 1"));
        assertTrue(PmRun.pm("up", write("P", "a:  \n")).assertExit(2).err().contains(":1:3: a has no command line"));
        assertTrue(
                PmRun.pm("up", write("P", "web: x"), "wep").assertExit(2).err().contains("did you mean: web?"));
        assertTrue(
                PmRun.pm("up", tmp.path("none").toString()).assertExit(2).err().contains("there is no file"));
    }

    @Test
    @Scenario("up/2")
    void check_listsTheSelectedInOrder() throws Exception {
        String file = write("app.toml", """
                [web]
                command = "x"
                depends_on = ["db", "init"]
                [init]
                command = "x"
                depends_on = "db"
                [db]
                command = ["x", "y"]
                ready_port = 5432
                ready_timeout = "1m"
                restart = "always"
                restart_delay = "10ms"
                stop_signal = "INT"
                [other]
                command = "x"
                """);
        assertEquals(
                List.of("db", "init after db", "web after db, init", "other"),
                PmRun.pm("up", "--check", file).assertExit(0).lines());
        assertEquals(
                List.of("db", "init after db"),
                PmRun.pm("up", "--check", file, "init").assertExit(0).lines());
    }

    @Test
    @Scenario("up/3")
    void failure_endsTheOthersAndIsNamed() throws Exception {
        String file = write("app.toml", """
                [once]
                command = "echo 'a\\tb'; echo e >&2"
                [server]
                command = ["sleep", "300"]
                depends_on = ["once"]
                [bad]
                command = "echo $A; exit 4"
                env = { A = "x y" }
                depends_on = ["server"]
                [late]
                command = "exit 7"
                depends_on = ["bad"]
                """);
        PmRun run = PmRun.pm("up", file).assertExit(1);
        assertEquals("pm: bad failed\n", run.err());
        List<String> lines = run.lines();
        assertTrue(lines.containsAll(List.of("once   | a\tb", "once   | e", "bad    | x y")), run::out);
        assertTrue(lines.contains("bad    | [pm] failed: exit code 4"), run::out);
        assertTrue(run.out().matches("(?s).*\\nserver +stopped +0 +signal TERM\\n.*"), run::out);
    }

    @Test
    @Scenario("up/5")
    void restartLimit_endsTheOthersAndIsNamed() throws Exception {
        String file = write("app.toml", """
                [server]
                command = ["sleep", "300"]
                [again]
                command = "exit 5"
                depends_on = "server"
                restart = "on-failure"
                restart_delay = "1ms"
                restart_limit = "2 in 1h"
                """);
        PmRun run = PmRun.pm("up", file).assertExit(1);
        assertEquals("pm: again failed again after 2 restarts within 3600 s: exit code 5\n", run.err());
        assertTrue(run.out().matches("(?s).*\\nagain +failed +2 +exit code 5; restart limit reached\\n.*"), run::out);
        assertTrue(run.out().matches("(?s).*\\nserver +stopped .*"), run::out);
    }

    @Test
    @Scenario("up/4")
    void stop_isInReverseOrder() throws Exception {
        UpFile file = UpFile.read(Path.of(write("app.toml", """
                [web]
                command = "echo serving; exec sleep 300"
                depends_on = ["db"]
                ready_line = "serving"
                [db]
                command = "trap 'exit 0' USR1; echo up; while :; do sleep 0.05; done"
                ready_line = "up"
                stop_signal = "USR1"
                [again]
                command = "exit 5"
                restart = "always"
                restart_delay = "10ms"
                """)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = Terminal.of(new ByteArrayInputStream(new byte[0]), out, new PrintStream(out, true, UTF_8));
        try (ProcessManager manager = ProcessManager.create();
                UpRun run = new UpRun(terminal, manager, file.select(List.of()))) {
            CompletableFuture<List<String>> end = new CompletableFuture<>();
            Thread awaiting = new Thread(() -> {
                try {
                    end.complete(run.await());
                } catch (InterruptedException e) {
                    end.completeExceptionally(e);
                }
            });
            awaiting.start();
            Eventually.assertThat(BOUND, "a ready server and a restart", () -> Stream.of(
                            "web   \\| \\[pm] ready after .*", "again \\| \\[pm] started again, restart 2, .*")
                    .allMatch(line -> out.toString(UTF_8).lines().anyMatch(written -> written.matches(line))));
            run.stop();
            assertEquals(List.of(), end.get(BOUND.toSeconds(), TimeUnit.SECONDS));
        }
        String text = out.toString(UTF_8);
        assertTrue(text.indexOf("web   | [pm] stopped: signal TERM") > 0, text);
        assertTrue(text.indexOf("web   | [pm] stopped") < text.indexOf("db    | [pm] stopping"), text);
        assertTrue(text.indexOf("db    | [pm] stopped: exit code 0") > 0, text);
    }
}
