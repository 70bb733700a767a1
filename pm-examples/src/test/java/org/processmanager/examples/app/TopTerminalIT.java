package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** {@code pm top} as a person uses it, at a terminal. */
@Timeout(180)
class TopTerminalIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String NAME = "zt" + ProcessHandle.current().pid() + "x";
    private static final String TITLES = "PID USER       CPU%";

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final ProcessManager manager = ProcessManager.create();
    private ManagedProcess child;

    @BeforeEach
    void startChild() throws IOException {
        Path program = Files.copy(Path.of("/bin/sleep").toRealPath(), tmp.path(NAME));
        assertTrue(program.toFile().setExecutable(true));
        child = manager.command(program.toString(), "1000").start();
        Eventually.assertThat(LONG, "it has its name", () -> ProcessTable.find(child.pid())
                .filter(process -> process.name().equals(NAME))
                .isPresent());
    }

    @AfterEach
    void stopChild() {
        manager.close();
    }

    @Test
    @Scenario("monitor/8")
    void process_isFoundStoppedAndShownAsExited() throws Exception {
        String row = child.pid() + " ";
        try (Tmux terminal =
                Tmux.start(80, 24, PmApp.of("top", "--interval", "200ms").commandLine())) {
            terminal.await("the list", screen -> screen.contains(TITLES) && screen.contains("q quit  ? help"));
            terminal.type("/" + NAME);
            terminal.await(
                    "the child alone",
                    screen -> screen.contains("filter: " + NAME) && screen.contains(row) && !screen.contains("_"));
            terminal.keys("j");
            terminal.keys("i");
            terminal.await(
                    "its details",
                    screen -> screen.contains("process " + child.pid() + " (" + NAME + ")")
                            && screen.contains("cpu bars"));
            terminal.resize(40, 10);
            terminal.await("fewer columns", screen -> !screen.contains("USER") && screen.contains(row));
            terminal.resize(100, 30);
            terminal.keys("s");
            terminal.await(
                    "the question",
                    screen -> screen.contains("stop process " + child.pid() + " (" + NAME + ")? (y/n)"));
            assertTrue(child.isAlive());
            terminal.keys("y");
            child.await();
            terminal.await("the report", screen -> screen.contains("(" + NAME + ") stopped by TERM within "));
            terminal.await("the exit", screen -> screen.contains("exited") && screen.contains("stopped by TERM: "));
            terminal.keys("q");
            terminal.await("the end", screen -> screen.endsWith("left with 0"));
            assertFalse(terminal.screen().contains(TITLES), "the screen was restored");
            terminal.type("echoed");
            terminal.await("the mode was restored", screen -> screen.endsWith("left with 0\nechoed"));
        }
    }

    @Test
    @Scenario("monitor/10")
    void terminalIsRestored_afterATerminationSignal() {
        try (Tmux terminal = Tmux.start(80, 24, PmApp.of("top", "--name", NAME).commandLine(), "NO_COLOR=1")) {
            terminal.await("the list", screen -> screen.contains(TITLES) && screen.contains(child.pid() + " "));
            long pid = ProcessTable.list().stream()
                    .filter(process -> process.commandLine().contains(" top --name " + NAME)
                            && process.name().equals("java"))
                    .findFirst()
                    .orElseThrow()
                    .pid();
            assertTrue(ProcessHandle.of(pid).orElseThrow().destroy());
            terminal.await("the end", screen -> screen.endsWith("left with 143"));
            assertFalse(terminal.screen().contains(TITLES), "the screen was restored");
            terminal.type("echoed");
            terminal.await("the mode was restored", screen -> screen.endsWith("left with 143\nechoed"));
        }
    }
}
