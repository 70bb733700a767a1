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

/** Repairs and inspects mutexes: that of a dead owner becomes free and orphaned. */
public final class MutexHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        long word = MutexLayout.wordVolatile(memory, at);
        while (MutexLayout.owner(word) == dead) {
            MutexLayout.casWordOfDead(memory, at, word, MutexLayout.free(word, ORPHANED));
            word = MutexLayout.wordVolatile(memory, at);
        }
        // Even if nothing changed: a previous repairer may have died between marking and waking.
        parking.wakeAll(MutexLayout.futex(at));
    }

    @Override
    public int stateBytes(RegionObject object) {
        return MutexLayout.BYTES;
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        long word = MutexLayout.wordVolatile(copy, 0);
        int low = MutexLayout.low(word);
        int owner = low & OWNER;
        long deaths = MutexLayout.deathsOpaque(copy, 0);
        if (owner == 0) {
            int state = low & STATE;
            return new State(
                    state == ORPHANED ? "orphaned" : state == POISONED ? "poisoned" : "free", List.of(), deaths);
        }
        long thread = MutexLayout.threadOpaque(copy, 0, word);
        OwnerWord ownerWord = new OwnerWord(
                Role.EXCLUSIVE,
                owner,
                thread,
                MutexLayout.threadName(copy, 0, word),
                thread == 0 ? 0 : MutexLayout.sinceMillisOpaque(copy, 0));
        return new State(isDead.test(owner) ? "held by a dead owner" : "held", List.of(ownerWord), deaths);
    }
}
