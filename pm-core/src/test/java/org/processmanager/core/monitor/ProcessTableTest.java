package org.processmanager.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

class ProcessTableTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final Duration LONG = Duration.ofSeconds(20);

    /** Reads the table where OSHI is not on the class path. */
    static final class WithoutOshi {
        private WithoutOshi() {}

        public static void main(String[] args) {
            try {
                ProcessTable.list();
                System.exit(1);
            } catch (UnsupportedOperationException e) {
                System.exit(e.getMessage().contains("com.github.oshi:oshi-core") ? 0 : 2);
            }
        }
    }

    @Test
    void list_containsThisProcessAndItsChildren() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess child = pm.command("sleep", "30").start();
            awaitExecution(child);
            List<ProcessSnapshot> list = ProcessTable.list();
            ProcessSnapshot found = list.stream()
                    .filter(process -> process.pid() == child.pid())
                    .findFirst()
                    .orElseThrow();
            assertEquals(ProcessHandle.current().pid(), found.parentPid());
            assertEquals("sleep", found.name());
            assertTrue(found.commandLine().endsWith("sleep 30"), found::toString);
            assertEquals(1, found.threads());
            assertEquals(System.getProperty("user.name"), found.user());
            assertTrue(found.residentBytes() > 0);
            assertTrue(Duration.between(found.startTime(), Instant.now()).abs().compareTo(LONG) < 0, found::toString);
            assertEquals(
                    list.stream().map(ProcessSnapshot::pid).sorted().toList(),
                    list.stream().map(ProcessSnapshot::pid).toList());
        }
    }

    /** What was just started may show what it was before: the kernel sets name and command line at the end of the execution. */
    private static void awaitExecution(ManagedProcess child) {
        Path commandLine = Path.of("/proc", Long.toString(child.pid()), "cmdline");
        Eventually.assertThat(LONG, "it executes", () -> {
            try {
                return Files.readString(commandLine).endsWith("sleep\00030\000");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void find_showsTheStatesOfAProcess() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess child = pm.command("sleep", "30").start();
            awaitExecution(child);
            assertEquals("sleep", ProcessTable.find(child.pid()).orElseThrow().name());
            if (child.signal(Signal.TERM)) {
                child.await();
            }
            assertEquals(Optional.empty(), ProcessTable.find(child.pid()));
        }
        assertEquals(Optional.empty(), ProcessTable.find(Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> ProcessTable.find(0));
    }

    @Test
    void list_looksUpEachUserOnce() {
        Map<String, String> users = new HashMap<>();
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    "root",
                    OshiReader.user("0", () -> "root" + asked.incrementAndGet(), users)
                            .substring(0, 4));
            assertEquals("4711", OshiReader.user("4711", () -> "unknown", users));
            assertEquals("4712", OshiReader.user("4712", () -> "", users));
        }
        assertEquals(1, asked.get());
    }

    @Test
    void userWithoutName_isShownById() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        Assumptions.assumeTrue(
                org.processmanager.core.internal.posix.Files.effectiveUserId() == 0,
                "only the superuser can change the user");
        String unnamed = "1999999999";
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess child =
                    pm.command("sleep", "30").user(unnamed).group(unnamed).start();
            assertEquals(unnamed, ProcessTable.find(child.pid()).orElseThrow().user());
        }
    }

    @Test
    void cpuPercent_isTheLoadSinceStart() {
        long until = System.nanoTime() + 50_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        ProcessSnapshot self = ProcessTable.find(ProcessHandle.current().pid()).orElseThrow();
        assertTrue(self.cpuPercent() > 0 && self.cpuPercent() < 100.0 * 1024, self::toString);
        assertTrue(self.threads() > 1);
    }

    @Test
    @Scenario("research-process/47")
    void list_toleratesChurn() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess churn =
                    pm.command("/bin/sh", "-c", "while :; do /bin/true; done").start();
            for (int i = 0; i < Soak.scaled(200, 10); i++) {
                List<ProcessSnapshot> list = ProcessTable.list();
                Set<Long> pids = list.stream().map(ProcessSnapshot::pid).collect(Collectors.toCollection(HashSet::new));
                assertEquals(list.size(), pids.size(), "no number twice");
                assertTrue(pids.contains(churn.pid()));
            }
            churn.kill();
            Eventually.assertThat(LONG, "it ends", () -> churn.state() == ManagedProcess.State.EXITED);
        }
    }

    @Test
    void withoutOshi_errorNamesIt() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("oshi"))
                .collect(Collectors.joining(File.pathSeparator));
        assertFalse(classPath.isEmpty());
        ProcessResult result = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-cp", classPath, WithoutOshi.class.getName())
                .run();
        assertTrue(result.status().isExit(0));
    }
}
