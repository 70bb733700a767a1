package org.processmanager.sync.internal.region.lock;

/**
 * Locks on single bytes of a region's file, far beyond its end. When a process dies the kernel releases them after its address
 * space is torn down, and therefore after its last write. One instance per open region.
 *
 * <pre>
 *   2^40           creation and removal of objects and of the name
 *   2^40 + 16 + 2i participant slot i is alive
 *   2^40 + 17 + 2i participant slot i is being repaired
 * </pre>
 */
public interface LockBytes extends AutoCloseable {
    /** The creation lock. */
    long CREATE = 1L << 40;

    /** Returns the byte that the participant of a slot holds while it is alive. */
    static long alive(int slot) {
        return CREATE + 16 + 2L * slot;
    }

    /** Returns the byte that a repairer of a slot holds. */
    static long repair(int slot) {
        return CREATE + 17 + 2L * slot;
    }

    /** Locks a byte without blocking; returns false if another owner has it. */
    boolean tryLock(long position);

    /** Unlocks a byte that {@link #tryLock} locked. */
    void unlock(long position);

    /** Returns whether another owner has the byte; not for bytes that this instance has. */
    boolean isLocked(long position);

    /** Unlocks all bytes. Idempotent. */
    @Override
    void close();
}
