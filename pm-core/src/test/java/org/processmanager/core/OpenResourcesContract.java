package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;

/** What a manager lists as still held. */
abstract class OpenResourcesContract extends LauncherContract {
    private void assertBecomesEmpty() {
        Eventually.assertThat(LONG, "nothing is held", () -> pm.openResources().isEmpty());
    }

    @Test
    void managerThatDidNothing_holdsNothing() {
        assertTrue(pm.openResources().isEmpty());
        assertEquals(List.of(), pm.openResources().helpers());
    }

    @Test
    void runningChild_isListedWithItsPipes() throws Exception {
        ManagedProcess cat = pm.command("cat").stdin(Input.pipe()).start();
        OpenResources audit = pm.openResources();
        String whose = " of cat [" + cat.pid() + "]";
        assertFalse(audit.isEmpty());
        assertEquals(List.of(cat.pid()), audit.children());
        assertEquals(List.of(), audit.zombies());
        assertEquals(
                List.of("standard output" + whose, "standard error" + whose),
                audit.pumps().subList(0, 2));
        assertEquals(isPosix() ? 4 : 0, audit.descriptors().size(), audit::toString);
        assertTrue(audit.descriptors().stream().allMatch(line -> line.endsWith(whose)), audit::toString);
        cat.stdin().close();
        cat.await();
        assertBecomesEmpty();
    }

    @Test
    void consumerThatStillWorks_isAPump() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        pm.command("echo", "hi")
                .stdout(Output.lines(line -> {
                    entered.countDown();
                    try {
                        leave.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .start();
        entered.await();
        Eventually.assertThat(
                LONG, "it has exited", () -> pm.openResources().children().isEmpty());
        assertFalse(pm.openResources().pumps().isEmpty());
        leave.countDown();
        assertBecomesEmpty();
    }

    @Test
    void childThatIsNotReaped_isAZombie() throws Exception {
        Assumptions.assumeTrue(isPosix(), "the JDK reaps at once");
        // What it leaves behind writes on, so that its pipe is waited for; for two seconds at most.
        for (int i = 0; i < 10; i++) {
            ManagedProcess process = sh("(while :; do echo x; " + sleepers.sleep(0) + "; done) & :")
                    .start();
            while (pm.openResources().children().contains(process.pid())) {
                Thread.onSpinWait();
            }
            List<Long> zombies = pm.openResources().zombies();
            sleepers.endAll();
            process.await();
            if (zombies.equals(List.of(process.pid()))) {
                assertBecomesEmpty();
                return;
            }
        }
        throw new AssertionError("no zombie in ten attempts");
    }

    @Test
    void adoptedProcess_isListedUntilItIsReleased() throws Exception {
        ManagedProcess sleeper = sh("exec " + sleepers.sleep(30)).start();
        try (ProcessManager other = new ProcessManager(launcher)) {
            AdoptedProcess adopted = other.adopt(sleeper.pid());
            assertEquals(List.of(sleeper.pid()), other.openResources().adopted());
            adopted.close();
            Eventually.assertThat(
                    LONG, "it is released", () -> other.openResources().isEmpty());
        }
    }

    @Test
    void guardian_isAHelperUntilClose() throws Exception {
        Assumptions.assumeTrue(isPosix(), "needs sessions");
        ProcessManager mine = new ProcessManager(new org.processmanager.core.internal.launch.posix.PosixLauncher());
        mine.command("true").dieWithParent().run();
        assertEquals(1, mine.openResources().helpers().size());
        mine.close();
        assertEquals(List.of(), mine.openResources().helpers());
        assertTrue(mine.openResources().isEmpty());
    }
}
