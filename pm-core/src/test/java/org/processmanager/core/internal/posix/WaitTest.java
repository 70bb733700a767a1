package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.fixtures.LeakCheck;

class WaitTest extends PosixTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final int KILL = 9;
    private static final int TERM = 15;
    private static final int FOREVER = -1;

    private int pid;

    @AfterEach
    void endChild() {
        if (pid != 0) {
            Wait.kill(pid, KILL);
            awaitEnd();
            Wait.reap(pid);
        }
    }

    @Test
    void pidfd_isReadableAfterExitAndSendsSignals() {
        start("sleep 30");
        int pidfd = closing(Wait.openPidfd(pid));
        assertEquals(0, Poll.awaitOne(pidfd, Poll.IN, 50));
        assertNull(Wait.peek(pid));
        assertNull(Wait.reap(pid));
        assertTrue(Wait.signalPidfd(pidfd, pid, TERM));
        assertEquals(Poll.IN, Poll.awaitOne(pidfd, Poll.IN, FOREVER));

        Wait.Status seen = Wait.peek(pid);
        Wait.Status again = Wait.peek(pid);
        assertEquals(seen, again);
        Wait.Status reaped = reap();
        for (Wait.Status status : List.of(assertPresent(seen), reaped)) {
            assertFalse(status.exited());
            assertEquals(TERM, status.value());
            assertFalse(status.coreDumped());
        }
        assertFalse(Wait.signalPidfd(pidfd, pid, TERM), "a reaped process was signalled");
    }

    @Test
    void reap_returnsExitCodeAndUsage() {
        start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 211");
        awaitEnd();
        Wait.Status seen = assertPresent(Wait.peek(pid));
        assertTrue(seen.exited());
        assertEquals(211, seen.value());
        Wait.Status reaped = reap();
        assertTrue(reaped.exited());
        assertEquals(211, reaped.value());
        assertTrue(reaped.userMicros() + reaped.systemMicros() > 0);
        assertTrue(reaped.maxResidentKib() > 100);
    }

    @Test
    void reap_ofUnrelatedOrReapedProcess_fails() {
        start("exit 0");
        awaitEnd();
        int gone = pid;
        reap();
        assertTrue(assertThrows(PosixException.class, () -> Wait.reap(gone)).is(Errno.ECHILD));
        assertTrue(assertThrows(PosixException.class, () -> Wait.peek(1)).is(Errno.ECHILD));
        assertTrue(
                assertThrows(PosixException.class, () -> Wait.openPidfd(gone)).is(Errno.ESRCH));
        assertFalse(Wait.kill(gone, TERM));
        assertFalse(Wait.killGroup(gone, TERM));
        assertEquals(-1, Wait.sessionOf(gone));
    }

    @Test
    void killGroup_signalsAllMembers() {
        start("sleep 30 & wait");
        assertEquals(pid, Wait.sessionOf(pid));
        assertEquals(Wait.sessionOf(0), Wait.sessionOf(Wait.getpid()));
        assertTrue(Wait.killGroup(pid, KILL));
        awaitEnd();
        assertEquals(KILL, reap().value());
    }

    @Test
    void kill_rejectsGroupsAndBroadcast() {
        assertThrows(IllegalArgumentException.class, () -> Wait.kill(0, TERM));
        assertThrows(IllegalArgumentException.class, () -> Wait.kill(-1, TERM));
        assertThrows(IllegalArgumentException.class, () -> Wait.killGroup(0, TERM));
        assertThrows(IllegalArgumentException.class, () -> Wait.killGroup(1, TERM));
    }

    private void start(String script) {
        int none = closing(Files.open("/dev/null", Files.O_RDWR, 0));
        try (CStrings argv = CStrings.of(List.of("sh", "-c", script));
                CStrings environment = CStrings.of(List.of("PATH=/usr/bin:/bin"))) {
            pid = Spawn.spawn(
                    new Spawn.Request("/bin/sh", argv, environment, null, new int[] {none, none, none}, true, -1));
        }
    }

    private void awaitEnd() {
        int pidfd = Wait.openPidfd(pid);
        assertEquals(Poll.IN, Poll.awaitOne(pidfd, Poll.IN, FOREVER));
        Files.close(pidfd);
    }

    private Wait.Status reap() {
        Wait.Status status = Wait.reap(pid);
        pid = 0;
        return assertPresent(status);
    }

    private static Wait.Status assertPresent(Wait.Status status) {
        assertNotNull(status);
        return status;
    }
}
