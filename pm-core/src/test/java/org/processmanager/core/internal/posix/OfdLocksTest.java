package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;

class OfdLocksTest extends PosixTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    static final class Holder implements ChildProgram {
        private int fd;

        @Override
        public void register(ChildCommands commands) {
            commands.on("open", args -> {
                fd = Files.open(args.get(0), Files.O_RDWR, 0);
                return "";
            });
            commands.on("tryLock", args -> Boolean.toString(OfdLocks.tryLock(fd, Long.parseLong(args.get(0)), 1)));
            commands.on("unlock", args -> {
                OfdLocks.unlock(fd, Long.parseLong(args.get(0)), 1);
                return "";
            });
        }
    }

    @Test
    void lock_excludesOtherDescriptionsOnly() {
        String file = path(tmp.path("file"));
        int first = closing(Files.open(file, Files.O_RDWR | Files.O_CREAT, 0600));
        int second = closing(Files.open(file, Files.O_RDWR, 0));
        assertTrue(OfdLocks.tryLock(first, 10, 2));
        assertTrue(OfdLocks.tryLock(first, 10, 2));
        assertFalse(OfdLocks.isLocked(first, 10, 1), "its own is not seen");
        assertTrue(OfdLocks.isLocked(second, 11, 1));
        assertFalse(OfdLocks.isLocked(second, 12, 1));
        assertFalse(OfdLocks.tryLock(second, 11, 5));
        assertTrue(OfdLocks.tryLock(second, 12, 5));
        OfdLocks.unlock(first, 10, 1);
        assertFalse(OfdLocks.isLocked(second, 10, 1));
        assertTrue(OfdLocks.isLocked(second, 11, 1));
    }

    @Test
    void lock_survivesCloseOfAnotherDescriptor() {
        String file = path(tmp.path("file"));
        int holder = closing(Files.open(file, Files.O_RDWR | Files.O_CREAT, 0600));
        int other = closing(Files.open(file, Files.O_RDWR, 0));
        assertTrue(OfdLocks.tryLock(holder, 0, 1));
        Files.close(Files.open(file, Files.O_RDWR, 0));
        assertTrue(OfdLocks.isLocked(other, 0, 1));
        int duplicate = Files.duplicate(holder, 0);
        close(holder);
        assertTrue(OfdLocks.isLocked(other, 0, 1), "a duplicate keeps it");
        Files.close(duplicate);
        assertFalse(OfdLocks.isLocked(other, 0, 1));
    }

    @Test
    void lock_isReleasedWhenItsProcessDies() {
        String file = path(tmp.path("file"));
        int fd = closing(Files.open(file, Files.O_RDWR | Files.O_CREAT, 0600));
        try (ChildJvm child = ChildJvm.start(Holder.class)) {
            child.call("open", file);
            assertEquals("true", child.call("tryLock", 5));
            assertTrue(OfdLocks.isLocked(fd, 5, 1));
            assertFalse(OfdLocks.tryLock(fd, 5, 1));
            assertTrue(OfdLocks.tryLock(fd, 6, 1));
            assertEquals("false", child.call("tryLock", 6));

            OfdLocks.unlock(fd, 6, 1);
            assertEquals("true", child.call("tryLock", 6));
            assertTrue(OfdLocks.isLocked(fd, 6, 1));
            child.call("unlock", 6);
            assertFalse(OfdLocks.isLocked(fd, 6, 1));

            child.kill9();
            assertFalse(OfdLocks.isLocked(fd, 5, 1));
        }
    }
}
