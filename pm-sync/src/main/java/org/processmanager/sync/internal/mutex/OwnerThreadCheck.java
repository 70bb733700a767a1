package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.ORPHANED;

import org.processmanager.sync.internal.region.OwnerCheck;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;

/**
 * What a process does about its thread that owns a mutex, since other processes do not know that thread: if it has terminated,
 * it frees the word as that of a dead owner; otherwise it records the name of the thread, which would cost too much on each
 * acquisition. Waiters of the process do so before each slice, {@link Region} once a second for those of other processes.
 */
final class OwnerThreadCheck extends SharedObject implements OwnerCheck {
    private final RobustMutex mutex;

    OwnerThreadCheck(RobustMutex mutex) {
        super(mutex);
        this.mutex = mutex;
    }

    @Override
    public boolean check() {
        if (!releaseIfTerminated()) {
            nameOwner();
        }
        return !handle.isRemoved();
    }

    /** Frees the word, as that of a dead owner, if a terminated thread of this handle owns it. */
    boolean releaseIfTerminated() {
        long word = MutexLayout.wordVolatile(memory, offset);
        Thread thread = mutex.ownerOf(word);
        return thread != null && !thread.isAlive() && release(word);
    }

    private boolean release(long ownership) {
        while (mutex.isStill(ownership)) {
            long word = MutexLayout.wordVolatile(memory, offset);
            if (MutexLayout.epoch(word) == MutexLayout.epoch(ownership)
                    && MutexLayout.casWordOfDead(memory, offset, word, MutexLayout.free(word, ORPHANED))) {
                parking.wakeAll(MutexLayout.futex(offset));
                mutex.waiting().unparkHead();
                return true;
            }
        }
        return false;
    }

    private void nameOwner() {
        long word = MutexLayout.wordVolatile(memory, offset);
        Thread thread = mutex.ownerOf(word);
        if (thread != null && !handle.isUnusable()) {
            MutexLayout.nameOwner(memory, offset, word, thread.getName());
        }
    }
}
