package org.processmanager.sync.internal.region.lock;

/**
 * Locks on single bytes of a region's file, far beyond its end, which the kernel drops when their process is gone: after
 * its address space, and therefore after its last write. One of these per open region.
 *
 * <pre>
 *   2^40           creation of objects, and recovery
 *   2^40 + 16 + 2i participant slot i is alive
 *   2^40 + 17 + 2i participant slot i is being repaired
 * </pre>
 */
public interface LockBytes extends AutoCloseable {
    /** The creation lock. */
    long CREATE = 1L << 40;

    /** The byte that the participant of a slot holds for life. */
    static long alive(int slot) {
        return CREATE + 16 + 2L * slot;
    }

    /** The byte that the one who repairs a slot holds meanwhile. */
    static long repair(int slot) {
        return CREATE + 17 + 2L * slot;
    }

    /** Takes a byte without waiting; false if somebody else has it. */
    boolean tryLock(long position);

    /** Gives back a byte that {@link #tryLock} took. */
    void unlock(long position);

    /** Whether somebody else has the byte; what this region itself has cannot be asked. */
    boolean isLocked(long position);

    /** Gives back all; closing again does nothing. */
    @Override
    void close();
}
