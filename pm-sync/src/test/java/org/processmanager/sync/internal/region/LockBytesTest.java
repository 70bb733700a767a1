package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;

/** The contract of both kinds of locks, the native and the portable, whichever this JVM uses. */
class LockBytesTest {
    private static final long POSITION = LockBytes.alive(200);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path path;
    private RegionFile file;
    private LockBytes mine;
    private LockBytes other;

    @BeforeEach
    void open() {
        path = tmp.path("region");
        Region.open(path, OpenMode.CREATE_NEW, RegionLayout.sizeFor(128)).close();
        file = RegionFile.open(path);
        mine = file.openLocks();
        other = file.openLocks();
    }

    @AfterEach
    void close() {
        mine.close();
        other.close();
        file.close();
    }

    @Test
    void lock_isSeenByOthersUntilReleased() {
        assertTrue(mine.tryLock(POSITION));
        assertTrue(other.isLocked(POSITION));
        assertFalse(other.tryLock(POSITION));
        assertFalse(other.isLocked(POSITION + 1));
        mine.unlock(POSITION);
        assertFalse(other.isLocked(POSITION));
        assertTrue(other.tryLock(POSITION));
    }

    @Test
    void isLocked_takesNothing() {
        assertFalse(mine.isLocked(POSITION));
        assertTrue(other.tryLock(POSITION));
    }

    @Test
    void close_releasesAllAndRefusesMore() {
        assertTrue(mine.tryLock(POSITION));
        assertTrue(mine.tryLock(POSITION + 1));
        mine.close();
        assertFalse(other.isLocked(POSITION));
        assertFalse(other.isLocked(POSITION + 1));
        assertThrows(IllegalStateException.class, () -> mine.isLocked(POSITION));
        assertThrows(IllegalStateException.class, () -> mine.tryLock(POSITION));
        mine.close();
    }

    /** The thread that asks is in the middle of it at some of the closings. */
    @Test
    void close_whileThreadProbes_releasesAll() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            LockBytes closing = file.openLocks();
            assertTrue(closing.tryLock(POSITION));
            CountDownLatch asked = new CountDownLatch(2);
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
                while (!closing.isLocked(POSITION + 1)) {
                    asked.countDown();
                }
            });
            asked.await();
            closing.close();
            assertFalse(other.isLocked(POSITION), "in round " + round);
            Throwable told =
                    assertThrows(CompletionException.class, asking::join).getCause();
            assertInstanceOf(IllegalStateException.class, told);
        }
    }

    @Test
    void lock_survivesSecondOpenAndClose() {
        try (ChildJvm child = ChildJvm.start(Prober.class)) {
            assertTrue(mine.tryLock(POSITION));
            RegionFile.open(path).close();
            RegionInspector.inspect(path);
            Region.open(path, OpenMode.OPEN_EXISTING, 0).close();
            assertEquals("true", child.call("isLocked", path, POSITION));
            mine.unlock(POSITION);
            assertEquals("false", child.call("isLocked", path, POSITION));
        }
    }

    @Test
    void lock_survivesInterrupts() throws InterruptedException {
        try (ChildJvm child = ChildJvm.start(Prober.class)) {
            assertTrue(mine.tryLock(POSITION));
            AtomicBoolean stop = new AtomicBoolean();
            Thread thread = new Thread(() -> {
                while (!stop.get()) {
                    other.isLocked(POSITION + 1);
                    Region.open(path, OpenMode.OPEN_EXISTING, 0).close();
                }
            });
            thread.start();
            for (int i = 0; i < 2_000; i++) {
                thread.interrupt();
                Thread.onSpinWait();
            }
            assertEquals("true", child.call("isLocked", path, POSITION));
            stop.set(true);
            thread.join();
            assertEquals("true", child.call("isLocked", path, POSITION));
        }
    }

    @Test
    void lock_endsWithProcess() {
        try (ChildJvm child = ChildJvm.start(Prober.class)) {
            assertEquals("true", child.call("tryLock", path, POSITION));
            assertTrue(mine.isLocked(POSITION));
            child.kill9();
            assertFalse(mine.isLocked(POSITION));
        }
    }

    @Test
    void lock_isSeenByNativeAndPortablePath() {
        for (String setting : new String[] {"on", "off"}) {
            try (ChildJvm child = ChildJvm.of(Prober.class)
                    .property("org.processmanager.native", setting)
                    .start()) {
                assertTrue(mine.tryLock(POSITION));
                assertEquals("true", child.call("isLocked", path, POSITION));
                assertEquals("false", child.call("tryLock", path, POSITION));
                mine.unlock(POSITION);
                assertEquals("true", child.call("tryLock", path, POSITION));
                assertTrue(mine.isLocked(POSITION));
            }
        }
    }

    /** Another process with locks on the same file. */
    static final class Prober implements ChildProgram {
        private LockBytes locks;

        @Override
        public void register(ChildCommands commands) {
            commands.on("isLocked", args -> "" + open(args.get(0)).isLocked(Long.parseLong(args.get(1))));
            commands.on("tryLock", args -> "" + open(args.get(0)).tryLock(Long.parseLong(args.get(1))));
        }

        private LockBytes open(String path) {
            if (locks == null) {
                try (RegionFile file = RegionFile.open(Path.of(path))) {
                    locks = file.openLocks();
                }
            }
            return locks;
        }
    }
}
