package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.OWNER;
import static org.processmanager.sync.internal.mutex.MutexLayout.POISONED;
import static org.processmanager.sync.internal.mutex.MutexLayout.STATE;
import static org.processmanager.sync.internal.mutex.MutexLayout.WAITERS;

import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.object.RegionObject;

/** What any thread may ask about a mutex, or do with it, without owning it. */
abstract class MutexState extends SharedObject {
    private final int purpose;

    MutexState(Region region, RegionObject object, int purpose) {
        super(region, object);
        this.purpose = purpose;
    }

    /** Returns for what threads wait for it: one of those of {@link WaitLayout}. */
    final int purpose() {
        return purpose;
    }

    /** Returns how often an owner has died. */
    public final long deaths() {
        return MutexLayout.deathsOpaque(memory, offset);
    }

    /** Refuses a mutex that was removed, and a region that is closed, deleted or replaced. */
    public final void checkUsable() {
        handle.checkUsable();
    }

    /** Returns whether no thread owns it: it is free, orphaned or poisoned. */
    public final boolean isFree() {
        return MutexLayout.owner(MutexLayout.wordVolatile(memory, offset)) == 0;
    }

    /** Returns whether it is poisoned. */
    public final boolean isPoisoned() {
        return (MutexLayout.low(MutexLayout.wordVolatile(memory, offset)) & STATE) == POISONED;
    }

    /** Makes a poisoned mutex usable; returns false if it was not poisoned. */
    public final boolean reset() {
        while (true) {
            handle.checkOpen();
            long word = MutexLayout.wordVolatile(memory, offset);
            int low = MutexLayout.low(word);
            if ((low & OWNER) != 0 || (low & STATE) != POISONED) {
                return false;
            }
            long free = MutexLayout.next(word, low & WAITERS);
            if (MutexLayout.casWord(memory, offset, word, free)) {
                return true;
            }
        }
    }
}
