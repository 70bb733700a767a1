package org.processmanager.sync.internal;

import static org.processmanager.sync.internal.MutexDescriptor.ORPHANED;
import static org.processmanager.sync.internal.MutexDescriptor.OWNER;
import static org.processmanager.sync.internal.MutexDescriptor.POISONED;
import static org.processmanager.sync.internal.MutexDescriptor.STATE;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.Parking;
import org.processmanager.sync.internal.region.RegionObject;

/** A mutex of a dead owner becomes free and orphaned: the next owner is told. */
final class MutexCare implements ObjectCare {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        long word = MutexDescriptor.wordVolatile(memory, at);
        while (MutexDescriptor.owner(word) == dead) {
            MutexDescriptor.casWordOfDead(memory, at, word, MutexDescriptor.free(word, ORPHANED));
            word = MutexDescriptor.wordVolatile(memory, at);
        }
        // Also when there was nothing to mark: who marked it may have died before it woke.
        parking.wakeAll(MutexDescriptor.futex(at));
    }

    @Override
    public int shownBytes(RegionObject object) {
        return MutexDescriptor.BYTES;
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        long word = MutexDescriptor.wordVolatile(copy, 0);
        int low = MutexDescriptor.low(word);
        int owner = low & OWNER;
        long deaths = MutexDescriptor.deathsOpaque(copy, 0);
        if (owner == 0) {
            int state = low & STATE;
            return new Look(
                    state == ORPHANED ? "orphaned" : state == POISONED ? "poisoned" : "free", List.of(), deaths);
        }
        OwnerWord who =
                new OwnerWord(owner, MutexDescriptor.threadOpaque(copy, 0), MutexDescriptor.sinceMillisOpaque(copy, 0));
        return new Look(isDead.test(owner) ? "held by a dead owner" : "held", List.of(who), deaths);
    }
}
