package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** {@code pm} without a command, as a person uses it at a terminal. One test, since the start of a JVM is most of its time. */
@Timeout(180)
class ShellTerminalIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().after(NativeLayer::available);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    @Scenario("detached/18")
    void session_showsPromptsAnswersAndEvents() throws Exception {
        Path state = tmp.path("state");
        Path registry = state.resolve("pm/processes");
        try (Tmux terminal = Tmux.start(PmApp.of().commandLine(), "XDG_STATE_HOME=" + state, "PM_LOG=/dev/null")) {
            terminal.await("the prompt", screen -> screen.equals("pm>"));

            terminal.keys("channel l");
            terminal.key("Tab");
            terminal.type(tmp.directory() + " -o json");
            terminal.await("the command is completed", screen -> screen.endsWith("-o json\n[]\npm>"));

            terminal.type("locks no-such-region");
            terminal.await("the exit code", screen -> screen.endsWith("\npm [3]>"));

            terminal.type("run -- sh -c 'echo ready; exec sleep 1000'");
            terminal.await("the program runs", screen -> screen.endsWith("\nready"));
            terminal.key("C-c");
            terminal.await("Ctrl-C ends the program", screen -> screen.endsWith("pm [130]>"));

            terminal.type("recv --wait fifo:" + tmp.path("pipe"));
            terminal.await("the channel is there", screen -> Files.exists(tmp.path("pipe")));
            terminal.key("C-c");
            terminal.await(
                    "Ctrl-C ends the command", screen -> screen.endsWith("[130]>") && lastCommand(screen, "recv"));

            terminal.type("start --name early -- sh -c 'read x </dev/tty; sleep 1; exit 7'");
            terminal.await("an exit above the prompt", screen -> screen.contains("\nearly: exited 7\npm>"));
            terminal.type("rm early");
            terminal.await("removed", screen -> screen.endsWith("removed early\npm>"));

            attach(terminal);

            for (int i = 0; i < 5; i++) {
                terminal.key("Up");
            }
            terminal.await("the history", screen -> screen.endsWith("exit 7'"));
            terminal.key("C-c");
            terminal.await("the line is given up", screen -> screen.endsWith("\npm>"));
            terminal.type("exit");
            terminal.await("the shell has left", screen -> screen.endsWith("left with 0"));
            assertTrue(!terminal.screen().contains("Exception"), terminal.screen());
        }
        Path history = state.resolve("pm/history");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
        assertTrue(Files.readString(history).contains("locks no-such-region\n"), Files.readString(history));
        assertTrue(Files.exists(registry), "the name was kept there");
    }

    /** The menu of a managed JVM, which is left unharmed by Ctrl-C, and ends when the JVM is killed. */
    private static void attach(Tmux terminal) {
        terminal.type("start --jvm kid");
        terminal.await("the JVM runs", screen -> screen.contains("kid started, process ") && screen.endsWith("pm>"));
        terminal.type("attach kid");
        terminal.await("its menu", screen -> screen.endsWith("\nkid:"));
        terminal.type("1");
        terminal.await("the name", screen -> screen.endsWith("\nname:"));
        terminal.keys("ad");
        terminal.key("Left");
        terminal.type("dde");
        terminal.await("the edited line", screen -> screen.contains("\nthread added started "));
        terminal.await("its menu again", screen -> screen.endsWith("\nkid:"));
        terminal.type("3");
        terminal.await("the name again", screen -> screen.endsWith("\nname:"));
        terminal.key("C-c");
        terminal.await("Ctrl-C leaves the menu", screen -> screen.endsWith("\npm [130]>"));
        terminal.type("attach kid");
        terminal.await("the JVM still runs", screen -> screen.endsWith("\nkid:"));
        Matcher started = Pattern.compile("kid started, process (\\d+)").matcher(terminal.screen());
        assertTrue(started.find());
        ProcessHandle.of(Long.parseLong(started.group(1))).orElseThrow().destroyForcibly();
        terminal.await(
                "its end", screen -> screen.contains("\nkid ended: signal KILL\n") && screen.endsWith("\npm [137]>"));
        terminal.type("rm kid");
        terminal.await("the JVM is removed", screen -> screen.endsWith("removed kid\npm>"));
    }

    private static boolean lastCommand(String screen, String command) {
        String[] lines = screen.split("\n");
        return lines[lines.length - 2].contains(command) || lines[lines.length - 1].contains("^C");
    }
}
