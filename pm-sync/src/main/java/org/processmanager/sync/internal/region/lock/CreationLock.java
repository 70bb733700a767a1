package org.processmanager.sync.internal.region.lock;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * The right to change a region's directory or to remove its name: the creation byte among handles, and a Java lock among
 * the threads of one handle, which all own the byte together. Held for microseconds and given up by death; who finds it
 * taken for long has met a stopped process and says so.
 */
public final class CreationLock {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 200_000;

    private final Path path;
    private final LockBytes locks;
    private final MutationGuard changes;
    private final ReentrantLock threads = new ReentrantLock();

    public CreationLock(Path path, LockBytes locks, MutationGuard changes) {
        this.path = path;
        this.locks = locks;
        this.changes = changes;
    }

    /**
     * Runs an action alone.
     *
     * @throws RegionException if another process does not let go of the lock
     * @throws IllegalStateException if the region is closed meanwhile
     */
    public <T> T run(Supplier<T> action) {
        threads.lock(); // before the change begins: closing need not wait for a whole queue
        try {
            return changes.make(() -> runAlone(action));
        } finally {
            threads.unlock();
        }
    }

    private <T> T runAlone(Supplier<T> action) {
        long start = System.nanoTime();
        while (!locks.tryLock(LockBytes.CREATE)) {
            changes.checkNotEnded();
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new RegionException(
                        Reason.BUSY,
                        "cannot change region " + path
                                + ": another process has held its creation lock for 10 s; is one stopped?");
            }
            Threads.pause(PAUSE_NANOS);
        }
        try {
            return action.get();
        } finally {
            locks.unlock(LockBytes.CREATE);
        }
    }
}
