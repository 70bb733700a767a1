package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;

class FutexTest extends PosixTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final int SIZE = 4096;
    private static final long SECOND = 1_000_000_000;

    private String file;
    private long address;
    private ByteBuffer word;

    static final class Waiter implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("await", args -> {
                int fd = Files.open(args.get(0), Files.O_RDWR, 0);
                long address = Memory.mapShared(fd, SIZE, args.get(0));
                Files.close(fd);
                commands.emit("waiting");
                return Futex.await(address, Integer.parseInt(args.get(1)), 30 * SECOND)
                        .toString();
            });
        }
    }

    @BeforeEach
    void map() {
        file = path(tmp.path("word"));
        int fd = closing(Files.open(file, Files.O_RDWR | Files.O_CREAT, 0600));
        Files.allocate(fd, SIZE, file);
        address = Memory.mapShared(fd, SIZE, file);
        word = Memory.view(address, SIZE);
    }

    @AfterEach
    void unmap() {
        Memory.unmap(address, SIZE);
    }

    @Test
    void await_withOtherValue_returnsAtOnce() {
        word.putInt(0, 5);
        assertEquals(Futex.Outcome.CHANGED, Futex.await(address, 4, 30 * SECOND));
    }

    @Test
    void await_returnsAfterTimeout() {
        long start = System.nanoTime();
        assertEquals(Futex.Outcome.TIMED_OUT, Futex.await(address, 0, SECOND / 20));
        assertTrue(System.nanoTime() - start >= SECOND / 20);
        assertEquals(Futex.Outcome.TIMED_OUT, Futex.await(address, 0, -1));
    }

    @Test
    void wake_wakesAWaiterInAnotherProcess() {
        try (ChildJvm child = ChildJvm.start(Waiter.class)) {
            ChildReply reply = child.send("await", file, 0);
            child.expect("waiting");
            int[] woken = {0};
            Eventually.assertThat(Duration.ofSeconds(20), "a thread waits there", () -> {
                woken[0] = Futex.wake(address, 1);
                return woken[0] > 0;
            });
            assertEquals(1, woken[0]);
            assertEquals("WOKEN", reply.await());
            assertEquals(0, Futex.wake(address, Integer.MAX_VALUE));
        }
    }

    @Test
    void badAddress_fails() {
        assertTrue(
                assertThrows(PosixException.class, () -> Futex.await(8, 0, 1)).is(Errno.EFAULT));
        assertTrue(assertThrows(PosixException.class, () -> Futex.wake(address + 1, 1))
                .is(Errno.EINVAL));
    }

    @Test
    void unavailableReason_isNullHere() {
        assertNull(Futex.unavailableReason(address, 0));
    }
}
