package org.processmanager.core.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;

@Timeout(180)
class TreeTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    @Test
    void signalToAZombie_countsAsNotSent() {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        int pid;
        try (CStrings argv = CStrings.of(List.of("true"));
                CStrings environment = CStrings.of(List.of())) {
            pid = Spawn.spawn(new Spawn.Request("/bin/true", argv, environment, null, new int[] {0, 1, 2}, true, -1));
        }
        int pidfd = Wait.openPidfd(pid);
        try {
            Eventually.assertThat(Duration.ofSeconds(10), "it ends", () -> Wait.peek(pid) != null);
            AtomicInteger reached = new AtomicInteger();
            PosixTree tree = new PosixTree(pid, pidfd, new TreeScope(true, true, null), reached::incrementAndGet);
            assertEquals(List.of(), tree.live());
            tree.sendToGroup(Signal.KILL);
            assertEquals(ProcessTree.SignalResult.GONE, tree.send(new ProcessTree.Member(pid, 0, false), Signal.KILL));
            assertEquals(0, reached.get());
        } finally {
            Files.close(pidfd);
            Wait.reap(pid);
        }
    }

    @Test
    void laterProcessWithRootPid_isNotInTheTree() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "30").start();
        try {
            long ticks = PortableTree.startTicks(sleeper.toHandle());
            assertNotEquals(0, ticks);
            assertEquals(
                    1,
                    new PortableTree(sleeper.toHandle(), ticks, sleeper::isAlive, () -> {})
                            .live()
                            .size());
            assertEquals(
                    List.of(),
                    List.copyOf(new PortableTree(sleeper.toHandle(), ticks - 1, sleeper::isAlive, () -> {}).live()));
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
    }
}
