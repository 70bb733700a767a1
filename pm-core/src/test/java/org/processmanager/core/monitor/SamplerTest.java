package org.processmanager.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Input;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

@Timeout(60)
class SamplerTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final double TICK_MILLIS = 10;

    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static ProcessIdentity identity(ManagedProcess process) {
        return ProcessIdentity.of(process.pid()).orElseThrow();
    }

    private static double cpuMillis(ManagedProcess process) {
        return ProcessTable.find(process.pid()).orElseThrow().cpuTime().toMillis();
    }

    /** The machine may be busy: what the loop uses is compared with what the kernel says. */
    @Test
    @Scenario("monitor/1")
    void busyLoop_showsWhatTheKernelCounts() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess loop =
                    pm.command("/bin/sh", "-c", "while :; do :; done").start();
            Eventually.assertThat(LONG, "it runs", () -> cpuMillis(loop) > 0);
            for (int i = 0; i < 3; i++) {
                double cpuBefore = cpuMillis(loop);
                long before = System.nanoTime();
                Sampler sampler = Sampler.of(List.of(identity(loop)));
                long begun = System.nanoTime();
                double cpuBegun = cpuMillis(loop);
                Eventually.assertStays(Duration.ofMillis(100), "it runs", loop::isAlive);
                double cpuEnding = cpuMillis(loop);
                long ending = System.nanoTime();
                double percent = sampler.sample().cpuPercent(loop.pid()).orElseThrow();
                long after = System.nanoTime();
                double cpuAfter = cpuMillis(loop);
                double least = 1e8 * (cpuEnding - cpuBegun - 2 * TICK_MILLIS) / (after - before);
                double most = 1e8 * (cpuAfter - cpuBefore + 2 * TICK_MILLIS) / (ending - begun);
                assertTrue(least <= percent && percent <= most, () -> least + " <= " + percent + " <= " + most);
            }
            loop.kill();
            loop.await();
        }
    }

    @Test
    void processThatHasNotRun_isReadAnewWhenItRuns() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            ManagedProcess process = pm.command("/bin/sh", "-c", "read line; exec sleep 60")
                    .stdin(Input.pipe())
                    .start();
            Sampler sampler = Sampler.ofAll();
            String waiting = "/bin/sh -c read line; exec sleep 60";
            Eventually.assertThat(
                    LONG, "it is shown", () -> commandLine(sampler, process).equals(waiting));
            for (int i = 0; i < 3; i++) {
                assertEquals(waiting, commandLine(sampler, process));
            }
            process.stdin().write('\n');
            process.stdin().flush();
            Eventually.assertThat(LONG, "it is another program", () -> commandLine(sampler, process)
                    .equals("sleep 60"));
            process.kill();
            process.await();
        }
    }

    private static String commandLine(Sampler sampler, ManagedProcess process) {
        return sampler.sample().processes().stream()
                .filter(each -> each.pid() == process.pid())
                .findFirst()
                .orElseThrow()
                .commandLine();
    }

    @Test
    @Scenario("monitor/2")
    void processesOfTheInterval_comeAndGo() throws Exception {
        try (ProcessManager pm = ProcessManager.create();
                ProcessManager other = ProcessManager.create()) {
            ManagedProcess first = pm.command("sleep", "60").start();
            ManagedProcess stranger = other.command("sleep", "60").start();
            ProcessIdentity identity = identity(first);
            Sampler sampler = Sampler.startedBy(pm);
            Sampler all = Sampler.ofAll();
            ManagedProcess second = pm.command("sleep", "60").start();
            first.kill();
            first.await();
            Sample sample = sampler.sample();
            assertEquals(
                    List.of(second.pid()),
                    sample.processes().stream().map(ProcessSnapshot::pid).toList());
            assertEquals(
                    List.of(identity),
                    sample.exited().stream().map(ProcessSnapshot::identity).toList());
            double percent = sample.cpuPercent(second.pid()).orElseThrow();
            assertTrue(percent >= 0 && percent < 2_000, () -> percent + " %");
            assertTrue(sample.cpuPercent(stranger.pid()).isEmpty());
            assertEquals(0, sample.cpuPercentOfTree(stranger.pid()));
            assertTrue(sample.interval().toNanos() > 0);
            assertTrue(Duration.between(sample.time(), Instant.now()).abs().compareTo(LONG) < 0);

            Sample ofAll = all.sample(); // its own interval
            assertTrue(ofAll.exited().stream()
                    .anyMatch(process -> process.identity().equals(identity)));
            assertTrue(ofAll.cpuPercent(stranger.pid()).isPresent());
            assertTrue(ofAll.cpuPercentOfTree(ProcessHandle.current().pid())
                    >= ofAll.cpuPercent(ProcessHandle.current().pid()).orElseThrow());
            assertEquals(List.of(), sampler.sample().exited());
        }
    }

    @Test
    void laterProcessWithThePid_isNotSampled() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        ProcessIdentity earlier = new ProcessIdentity(self.pid(), self.startTicks() - 1, self.bootId());
        assertEquals(List.of(), Sampler.of(List.of(earlier)).sample().processes());
        assertEquals(1, Sampler.of(List.of(self)).sample().processes().size());
    }

    @Test
    @Scenario("monitor/3")
    void recentExits_haveTheirStatus() throws Exception {
        RecentExits exits = new RecentExits(Duration.ofHours(1), 2);
        RecentExits forgetful = new RecentExits(Duration.ofNanos(1), 2);
        AtomicReference<ManagedProcess> last = new AtomicReference<>();
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(exits);
            pm.addListener(forgetful);
            for (int code = 1; code <= 3; code++) {
                last.set(pm.command("/bin/sh", "-c", "exit " + code).start());
                last.get().await();
            }
            Eventually.assertThat(LONG, "the last one is reported", () -> exits.list().stream()
                    .anyMatch(exit -> exit.pid() == last.get().pid()));
            assertEquals(
                    List.of(new ExitStatus.Exited(3), new ExitStatus.Exited(2)),
                    exits.list().stream().map(exit -> exit.status()).toList());
            assertEquals(List.of(), forgetful.list());
        }
        assertThrows(IllegalArgumentException.class, () -> new RecentExits(Duration.ZERO, 1));
        assertThrows(IllegalArgumentException.class, () -> new RecentExits(Duration.ofSeconds(1), 0));
    }
}
