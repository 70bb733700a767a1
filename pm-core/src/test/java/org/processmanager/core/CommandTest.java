package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

class CommandTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private final Command ls = Command.of("/bin/ls", "-l");

    @Test
    void methods_returnChangedCopies() {
        Command changed = ls.arg("a b").args("c", "").name("list").timeout(Duration.ofSeconds(3));
        assertEquals(List.of("/bin/ls", "-l", "a b", "c", ""), changed.commandLine());
        assertEquals("list", changed.name());
        assertEquals(Optional.of(Duration.ofSeconds(3)), changed.timeout());
        assertEquals(List.of("/bin/ls", "-l"), ls.commandLine());
        assertEquals("ls", ls.name());
        assertEquals(Optional.empty(), ls.timeout());
        assertEquals(StopPolicy.defaults(), ls.stopPolicy());
        assertThrows(UnsupportedOperationException.class, () -> ls.commandLine().add("x"));
    }

    @Test
    void overloads_sayTheSame() {
        assertEquals(ls.commandLine(), Command.of(List.of("/bin/ls", "-l")).commandLine());
        assertEquals(ls.commandLine(), Command.of(Path.of("/bin/ls"), "-l").commandLine());
        assertEquals(List.of("./ls"), Command.of(Path.of("ls")).commandLine());
        assertEquals(
                List.of("/bin/ls", "-l", "a", "b"), ls.args(List.of("a", "b")).commandLine());
        assertRefused("commandLine", () -> Command.of(List.of()));
        assertRefused("program", () -> Command.of(Path.of("")));
        assertRefused("argument 2", () -> ls.args(List.of("a\0b")));
        assertRefused("key", () -> ls.env(Map.of("a=b", "v")));
    }

    @Test
    void overloads_reachTheProcess() throws Exception {
        Command sh = Command.shell("pwd; cat; echo $A$B");
        assertEquals(
                "/\nhä\n12\n",
                sh.directory("/")
                        .stdin("hä\n")
                        .charset(StandardCharsets.UTF_8)
                        .env(Map.of("A", "1", "B", "2"))
                        .run()
                        .stdoutText());
    }

    @Test
    void shell_isTheOneWayToAShell() throws Exception {
        assertEquals(
                List.of("/bin/sh", "-c", "echo $((1+1)) | cat"),
                Command.shell("echo $((1+1)) | cat").commandLine());
        assertEquals("2\n", Command.shell("echo $((1+1)) | cat").run().stdoutText());
        assertEquals("sh", Command.shell("exit 0").name());
    }

    @Test
    @Scenario("process/11")
    @Scenario("research-process/16")
    void impossibleStrings_areRefused() {
        String nul = "a\0b";
        assertRefused("program", () -> Command.of(nul));
        assertRefused("program", () -> Command.of(""));
        assertRefused("argument 1", () -> Command.of("x", nul));
        assertRefused("argument 2", () -> ls.args(nul, "b"));
        assertRefused("argument 2", () -> Command.shell(nul));
        assertRefused("key", () -> ls.env(nul, "v"));
        assertRefused("key", () -> ls.env("a=b", "v"));
        assertRefused("key", () -> ls.env("", "v"));
        assertRefused("key", () -> ls.withoutEnv("a=b"));
        assertRefused("value of KEY", () -> ls.env("KEY", nul));
        String half = "\uD83D\uDE00".substring(1);
        assertRefused("program", () -> Command.of(half));
        assertRefused("argument 3", () -> ls.args("\uD83D\uDE00", "x" + half));
        assertRefused("argument 2", () -> ls.args("\uD83D"));
        assertRefused("key", () -> ls.env(half, "v"));
        assertRefused("value of KEY", () -> ls.env("KEY", half + "\uD83D"));
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertRefused("timeout", () -> ls.timeout(Duration.ZERO));
        assertRefused("timeout", () -> ls.timeout(Duration.ofSeconds(-1)));
        assertRefused("codes", () -> ls.acceptExitCodes());
        assertRefused("codes", () -> ls.acceptExitCodes(256));
        assertRefused("codes", () -> ls.acceptExitCodes(-1));
        assertRefused("maxBytes", () -> Output.capture(0));
        assertRefused("bytes", () -> Output.tail(-1));
        assertRefused("bytes", () -> Output.head(0));
        assertRefused("number", () -> new Signal(0));
        assertRefused("number", () -> new Signal(65));
        assertRefused("bound", () -> StopPolicy.Step.closeStdin(Duration.ofMillis(-1)));
        assertRefused("steps", () -> StopPolicy.of());
    }

    @Test
    void nulls_areRefused() {
        assertThrows(NullPointerException.class, () -> ls.directory((Path) null));
        assertThrows(NullPointerException.class, () -> ls.arg(null));
        assertThrows(NullPointerException.class, () -> Output.lines(null));
        assertThrows(NullPointerException.class, () -> Input.of((Path) null));
    }

    @Test
    void signal_knowsItsName() {
        assertEquals("KILL", Signal.KILL.toString());
        assertEquals("SYS", new Signal(31).name());
        assertEquals("RTMIN+2", new Signal(36).name());
        assertEquals("signal 32", new Signal(32).name());
    }

    private static void assertRefused(String name, Executable call) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
        assertTrue(refused.getMessage().startsWith(name + ": "), refused::getMessage);
        assertTrue(refused.getMessage().contains("(expected: "), refused::getMessage);
    }
}
