package org.processmanager.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.Command;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

class ProcessTableTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path tmp;

    /** Reads the table without OSHI, then without a free descriptor. */
    static final class Deprived {
        private static final List<FileInputStream> OPEN = new ArrayList<>();

        private Deprived() {}

        public static void main(String[] args) {
            long self = ProcessHandle.current().pid();
            check(ProcessTable.list().stream().anyMatch(process -> process.pid() == self), "this process is listed");
            check(
                    failure(ProcessTable::listByOshi) instanceof UnsupportedOperationException e
                            && e.getMessage().contains("com.github.oshi:oshi-core"),
                    "the missing OSHI is named");
            RuntimeException listing = exhausted(ProcessTable::list);
            RuntimeException finding = exhausted(() -> ProcessTable.find(self));
            OPEN.forEach(Deprived::close);
            check(listing instanceof ResourcesExhaustedException, "list() reports it: " + listing);
            check(finding instanceof ResourcesExhaustedException, "find() reports it: " + finding);
            System.out.print("passed");
        }

        /** Takes all descriptors and calls; again if the JVM gave one back meanwhile. */
        private static RuntimeException exhausted(Supplier<?> call) {
            RuntimeException failure = null;
            for (int i = 0; i < 20 && !(failure instanceof ResourcesExhaustedException); i++) {
                try {
                    while (true) {
                        OPEN.add(new FileInputStream("/dev/null"));
                    }
                } catch (IOException e) {
                    failure = failure(call);
                }
            }
            return failure;
        }

        private static RuntimeException failure(Supplier<?> call) {
            try {
                call.get();
                return new ResourcesExhaustedException("none", null).getCause()
                                == null // loads the class while one can be
                        ? new IllegalStateException("returned")
                        : new IllegalArgumentException();
            } catch (RuntimeException e) {
                return e;
            }
        }

        private static void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError(what);
            }
        }

        private static void close(FileInputStream stream) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
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
                return Files.readString(commandLine).endsWith("\00030\000");
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
    @Scenario("public-monitor/3")
    void withoutOshiAndDescriptors_neededOnesAreNamed() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("oshi"))
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessResult result = Command.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh", java, "-cp", classPath)
                .args(Deprived.class.getName())
                .acceptAnyExit()
                .run();
        assertEquals("passed", result.stdoutText(), result::stderrText);
    }

    @Test
    void list_agreesWithOshi() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess child = pm.command("sleep", "30").start();
            awaitExecution(child);
            Eventually.assertThat(LONG, "it sleeps", () -> ProcessTable.find(child.pid())
                    .filter(process -> process.state() == ProcessSnapshot.State.SLEEPING)
                    .isPresent());
            List<ProcessSnapshot> ours = ProcessTable.list();
            List<ProcessSnapshot> theirs = ProcessTable.listByOshi();
            assertEquals(steady(ours, child.pid()), steady(theirs, child.pid()));
            long self = ProcessHandle.current().pid();
            Set<Long> stable = Set.of(self, child.pid());
            for (List<ProcessSnapshot> list : List.of(ours, theirs)) {
                assertTrue(
                        list.stream().map(ProcessSnapshot::pid).toList().containsAll(stable),
                        "both list the stable ones");
            }
        }
    }

    /** Returns what does not change while a process sleeps; OSHI's start time is up to a second early. */
    private static List<Object> steady(List<ProcessSnapshot> list, long pid) {
        ProcessSnapshot process =
                list.stream().filter(p -> p.pid() == pid).findFirst().orElseThrow();
        return List.of(
                process.parentPid(),
                process.name(),
                process.state(),
                process.user(),
                process.threads(),
                process.residentBytes(),
                process.cpuTime(),
                process.commandLine());
    }

    @Test
    @Scenario("public-monitor/1")
    void nameWithLineFeed_hidesNothing() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), tmp.resolve("a\nb) S 1"), StandardCopyOption.COPY_ATTRIBUTES);
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess child = pm.command(program.toString(), "30").start();
            awaitExecution(child);
            ProcessSnapshot found = ProcessTable.find(child.pid()).orElseThrow();
            assertEquals("a\nb) S 1", found.name());
            assertEquals(ProcessHandle.current().pid(), found.parentPid());
            assertEquals(1, found.threads());
        }
    }

    @Test
    @Scenario("public-monitor/2")
    void startTime_isThatOfTheClock() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            Instant before = Instant.now();
            ManagedProcess child = pm.command("sleep", "30").start();
            Instant after = Instant.now();
            Instant found = ProcessTable.find(child.pid()).orElseThrow().startTime();
            assertFalse(found.isBefore(before.minusMillis(30)), () -> found + " before " + before);
            assertFalse(found.isAfter(after.plusMillis(30)), () -> found + " after " + after);
        }
    }

    @Test
    void find_ofAThread_isEmpty() {
        String[] threads = new File("/proc/self/task").list();
        long self = ProcessHandle.current().pid();
        for (String thread : Objects.requireNonNull(threads)) {
            long id = Long.parseLong(thread);
            assertEquals(id == self, ProcessTable.find(id).isPresent(), thread);
        }
    }
}
