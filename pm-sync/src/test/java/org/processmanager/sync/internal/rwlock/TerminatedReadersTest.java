package org.processmanager.sync.internal.rwlock;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Read holds of terminated threads, which every waiting writer of the process and a watcher take back. */
class TerminatedReadersTest {
    private static final int ROUNDS = Soak.scaled(20_000, 400);
    private static final int READERS = 8;
    private static final int CHECKERS = 2;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region region;
    private Region other;
    private RobustReadWriteLock lock;
    private RobustReadWriteLock remote;

    @BeforeEach
    void open() {
        region = Region.open(RegionDirectory.resolve(tmp.name("r")), OpenMode.CREATE_NEW, 1 << 20);
        other = Region.open(region.path(), OpenMode.OPEN_EXISTING, 0);
        lock = open(region);
        remote = open(other);
    }

    private static RobustReadWriteLock open(Region region) {
        RegionObject object = region.objects()
                .findOrCreate(
                        "lock",
                        SyncObjectTypes.READ_WRITE_LOCK,
                        new int[0],
                        ReadWriteLayout.bytes(region.slots()),
                        null);
        return new RobustReadWriteLock(region, object);
    }

    @AfterEach
    void close() {
        other.close();
        region.close();
    }

    /** If two checks took back the same hold, a later reader would not count, and a writer would not wait for it. */
    @Test
    void holds_checkedByTwoThreads_areTakenBackOnce() throws Exception {
        CyclicBarrier together = new CyclicBarrier(CHECKERS + 1);
        List<FutureTask<Void>> checkers = new ArrayList<>();
        for (int i = 0; i < CHECKERS; i++) {
            FutureTask<Void> checker = new FutureTask<>(() -> check(together));
            checkers.add(checker);
            new Thread(checker).start();
        }
        for (int round = 0; round < ROUNDS; round++) {
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Thread reader = new Thread(lock::tryLockRead);
                reader.start();
                readers.add(reader);
            }
            for (Thread reader : readers) {
                reader.join();
            }
            together.await();
            together.await();
        }
        for (FutureTask<Void> checker : checkers) {
            checker.get();
        }
        assertTrue(lock.tryLockRead());
        assertFalse(remote.tryLockWrite());
        lock.unlockRead();
        assertTrue(remote.tryLockWrite());
        remote.unlockWrite();
    }

    private Void check(CyclicBarrier together) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            together.await();
            region.checkOwnersOfProcess();
            together.await();
        }
        return null;
    }
}
