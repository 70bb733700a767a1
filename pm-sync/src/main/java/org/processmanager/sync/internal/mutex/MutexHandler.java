package org.processmanager.sync.internal.mutex;

import static org.processmanager.sync.internal.mutex.MutexLayout.ORPHANED;
import static org.processmanager.sync.internal.mutex.MutexLayout.OWNER;
import static org.processmanager.sync.internal.mutex.MutexLayout.POISONED;
import static org.processmanager.sync.internal.mutex.MutexLayout.STATE;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** A mutex of a dead owner becomes free and orphaned: the next owner is told. */
public final class MutexHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        long word = MutexLayout.wordVolatile(memory, at);
        while (MutexLayout.owner(word) == dead) {
            MutexLayout.casWordOfDead(memory, at, word, MutexLayout.free(word, ORPHANED));
            word = MutexLayout.wordVolatile(memory, at);
        }
        // Also when there was nothing to mark: who marked it may have died before it woke.
        parking.wakeAll(MutexLayout.futex(at));
    }

    @Override
    public int shownBytes(RegionObject object) {
        return MutexLayout.BYTES;
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        long word = MutexLayout.wordVolatile(copy, 0);
        int low = MutexLayout.low(word);
        int owner = low & OWNER;
        long deaths = MutexLayout.deathsOpaque(copy, 0);
        if (owner == 0) {
            int state = low & STATE;
            return new Look(
                    state == ORPHANED ? "orphaned" : state == POISONED ? "poisoned" : "free", List.of(), deaths);
        }
        OwnerWord who = new OwnerWord(owner, MutexLayout.threadOpaque(copy, 0), MutexLayout.sinceMillisOpaque(copy, 0));
        return new Look(isDead.test(owner) ? "held by a dead owner" : "held", List.of(who), deaths);
    }
}
