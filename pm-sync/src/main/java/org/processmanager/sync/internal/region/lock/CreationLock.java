package org.processmanager.sync.internal.region.lock;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * The lock for changing a region's directory or removing its name: the creation byte among handles, and a Java lock among
 * the threads of one handle, which share the byte. Held for microseconds, and released by the kernel when its process dies.
 */
public final class CreationLock {
    private static final long TIMEOUT_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 200_000;

    private final Path path;
    private final LockBytes locks;
    private final MutationGuard mutations;
    private final ReentrantLock threads = new ReentrantLock();

    public CreationLock(Path path, LockBytes locks, MutationGuard mutations) {
        this.path = path;
        this.locks = locks;
        this.mutations = mutations;
    }

    /**
     * Acquires the lock; to be followed by {@link #unlock}. An interrupt does not shorten the wait and is preserved.
     *
     * @throws RegionException if another process has held the lock for 10 s
     * @throws IllegalStateException if the region is closed, before or while waiting
     */
    public void lock() {
        threads.lock(); // before the change begins, so that closing does not wait for a whole queue
        boolean locked = false;
        boolean entered = false;
        try {
            mutations.enter();
            entered = true;
            awaitByte();
            locked = true;
        } finally {
            if (!locked) {
                if (entered) {
                    mutations.exit();
                }
                threads.unlock();
            }
        }
    }

    /** Releases the lock. */
    public void unlock() {
        try {
            locks.unlock(LockBytes.CREATE);
        } finally {
            mutations.exit();
            threads.unlock();
        }
    }

    private void awaitByte() {
        boolean interrupted = false;
        try {
            long start = System.nanoTime();
            while (!locks.tryLock(LockBytes.CREATE)) {
                mutations.checkOpen();
                if (System.nanoTime() - start > TIMEOUT_NANOS) {
                    throw new RegionException(
                            Reason.BUSY,
                            "cannot change region " + path
                                    + ": another process has held its creation lock for 10 s; is one suspended?");
                }
                interrupted |= Thread.interrupted(); // with which no pause would last
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
