package org.processmanager.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.fixtures.Scenario;

/** Files as those in {@code /proc}, with contents that no process has at will. */
class ProcReaderTest {
    private static final int FLAGS = 4194304;
    private static final long UPTIME_SECONDS = 1_000;

    @TempDir
    Path proc;

    /** The fraction of the boot time, as the clock and the uptime have it. */
    private Instant boot = Instant.EPOCH;

    @BeforeEach
    void create() throws IOException {
        Files.createSymbolicLink(
                proc.resolve("self"),
                Path.of(Long.toString(ProcessHandle.current().pid())));
        boot = Instant.now().minusSeconds(UPTIME_SECONDS);
        Files.writeString(
                proc.resolve("stat"), "cpu  1 2 3\nintr 4\nbtime " + boot.getEpochSecond() + "\nprocesses 5\n");
        Files.writeString(proc.resolve("uptime"), UPTIME_SECONDS + ".00 1.00\n");
    }

    private Path process(int pid, String name, char state, int flags, int cpu, int threads, long start)
            throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(directory.resolve("stat"), line(pid, name, state, flags, cpu, threads, start));
        Files.writeString(directory.resolve("statm"), "730 435 407 5 0 89 0\n");
        Files.writeString(directory.resolve("cmdline"), "prog\0-x\0");
        Files.writeString(directory.resolve("status"), "Name:\t?\nTgid:\t" + pid + "\nPid:\t" + pid + "\n");
        return directory;
    }

    private static String line(int pid, String name, char state, int flags, int cpu, int threads, long start) {
        return pid + " (" + name + ") " + state + " 7 1 1 0 -1 " + flags + " 1 2 3 4 " + cpu + " 0 9 9 20 0 " + threads
                + " 0 " + start + " 1000 3 18446744073709551615 1 1 0 0 0\n";
    }

    private ProcessSnapshot find(int pid) {
        ProcessSnapshot found = ProcReader.open(proc).find(pid);
        assertNotNull(found);
        return found;
    }

    @Test
    @Scenario("public-monitor/1")
    void nameOfAnyKind_hidesNoField() throws IOException {
        for (String name : List.of("a\nb", ") R 1 (", "", "(", ")", "1 (x) S 2", "ä\u001b[2J")) {
            process(11, name, 'S', FLAGS, 250, 4, 100);
            ProcessSnapshot found = find(11);
            assertEquals(name, found.name());
            assertEquals(7, found.parentPid(), name);
            assertEquals(4, found.threads(), name);
            assertEquals(Duration.ofMillis(2500), found.cpuTime(), name);
            assertEquals(ProcessSnapshot.State.SLEEPING, found.state(), name);
            assertEquals(435 * 4096, found.residentBytes());
            assertEquals("prog -x", found.commandLine());
        }
    }

    @Test
    @Scenario("public-monitor/2")
    void startTime_hasTheFractionOfTheBootTime() throws IOException {
        process(11, "a", 'S', FLAGS, 0, 1, 99_950);
        long error =
                Duration.between(boot.plusMillis(999_500), find(11).startTime()).toMillis();
        long sinceCreate = Duration.between(boot.plusSeconds(UPTIME_SECONDS), Instant.now())
                .toMillis();
        assertTrue(-1 <= error && error <= sinceCreate + 1, () -> error + " ms");
    }

    /** Some containers show their own uptime. */
    @Test
    void startTime_withAForeignUptime_isThatOfTheKernel() throws IOException {
        Files.writeString(proc.resolve("uptime"), "5.00 1.00\n");
        process(11, "a", 'S', FLAGS, 50_000, 1, 100);
        assertEquals(Instant.ofEpochSecond(boot.getEpochSecond() + 1), find(11).startTime());
        assertEquals(50, find(11).cpuPercent(), 1);
    }

    @Test
    @Scenario("public-monitor/4")
    void cpuOfAYoungProcess_isNoMoreThanPossible() throws IOException {
        for (int age = 0; age < 5; age++) { // in ticks, of which it used all
            process(11, "a", 'R', FLAGS, age, 1, 100 * UPTIME_SECONDS - age);
            double percent = find(11).cpuPercent();
            assertTrue(percent >= 0 && percent <= 100, age + " ticks: " + percent);
        }
        process(11, "a", 'R', FLAGS, 1, 1, 100 * UPTIME_SECONDS + 1_000_000); // after a step of the uptime
        assertEquals(100, find(11).cpuPercent(), 0.1);
    }

    @Test
    @Scenario("public-monitor/6")
    void mainThreadThatEnded_doesNotMakeAZombie() throws IOException {
        Path directory = process(11, "a", 'Z', FLAGS, 0, 3, 100);
        for (String thread : List.of("11 Z", "12 S", "13 Z")) {
            Path task = Files.createDirectories(directory.resolve("task").resolve(thread.substring(0, 2)));
            Files.writeString(task.resolve("stat"), line(11, "t", thread.charAt(3), FLAGS, 0, 3, 100));
        }
        assertEquals(ProcessSnapshot.State.SLEEPING, find(11).state());
        process(11, "a", 'Z', FLAGS, 0, 1, 100);
        assertEquals(ProcessSnapshot.State.ZOMBIE, find(11).state());
    }

    @Test
    void kernelThread_isMarked() throws IOException {
        process(2, "kthreadd", 'S', FLAGS | 0x200000, 0, 1, 0);
        process(11, "a", 'S', FLAGS, 0, 1, 0);
        assertTrue(find(2).kernelThread());
        assertEquals("", find(2).commandLine());
        assertTrue(!find(11).kernelThread());
    }

    @Test
    void commandLine_isTheText() throws IOException {
        Path file = process(11, "a", 'S', FLAGS, 0, 1, 0).resolve("cmdline");
        Files.write(
                file,
                "a\0\0b c\0\u00e4\n\0\0\0".getBytes(StandardCharsets.UTF_8)); // a title that is shorter than before
        assertEquals("a  b c \u00e4\n", find(11).commandLine());
        Files.write(file, new byte[] {'a', (byte) 0xff});
        assertEquals("a\ufffd", find(11).commandLine());
        Files.writeString(file, "x".repeat(20_000));
        assertEquals(20_000, find(11).commandLine().length());
        Files.writeString(file, "x".repeat(300_000));
        assertEquals(128 * 1024, find(11).commandLine().length());
        Files.delete(file); // it exited meanwhile
        assertEquals("", find(11).commandLine());
    }

    @Test
    void processesWithoutALine_areLeftOut() throws IOException {
        process(30, "a", 'S', FLAGS, 0, 1, 0);
        process(4, "b", 'S', FLAGS, 0, 1, 0);
        process(5, "x", 'X', FLAGS, 0, 1, 0);
        Files.createDirectory(proc.resolve("6")); // exited meanwhile
        Files.writeString(process(7, "c", 'S', FLAGS, 0, 1, 0).resolve("stat"), "7 (c) S 1");
        Files.writeString(process(8, "c", 'S', FLAGS, 0, 1, 0).resolve("stat"), "");
        Files.createDirectory(proc.resolve("sys"));
        ProcReader reader = ProcReader.open(proc);
        assertEquals(
                List.of(4L, 30L),
                reader.list().stream().map(ProcessSnapshot::pid).toList());
        assertNull(reader.find(5));
        assertNull(reader.find(9));
    }

    @Test
    @Scenario("public-monitor/7")
    void procOfAnotherNamespace_isRefused() throws IOException {
        Files.delete(proc.resolve("self"));
        UnsupportedOperationException missing =
                assertThrows(UnsupportedOperationException.class, () -> ProcReader.open(proc));
        assertTrue(missing.getMessage().contains("not mounted"), missing::toString);
        Files.createSymbolicLink(proc.resolve("self"), Path.of("999999"));
        UnsupportedOperationException foreign =
                assertThrows(UnsupportedOperationException.class, () -> ProcReader.open(proc));
        assertTrue(foreign.getMessage().contains("another pid namespace"), foreign::toString);
    }
}
