package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.WakeWord;

/** Repairs and inspects leased semaphores: the permits of a dead holder become free. */
public final class LeasedHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        for (int cell = 0; cell < object.dimension(0); cell++) {
            long word = LeasedLayout.wordVolatile(memory, at, cell);
            if (LeasedLayout.owner(word) == dead) {
                LeasedLayout.casWordOfDead(memory, at, cell, word, LeasedLayout.free(word));
            }
        }
        WakeWord.signalAll(memory, parking, LeasedLayout.word(at));
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int permits = object.dimension(0);
        int free = 0;
        List<OwnerWord> owners = new ArrayList<>();
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedLayout.owner(LeasedLayout.wordVolatile(copy, 0, cell));
            if (owner == 0 || isDead.test(owner)) {
                free++; // as availablePermits() counts
            }
            if (owner != 0) {
                owners.add(new OwnerWord(
                        owner, LeasedLayout.threadPlain(copy, 0, cell), LeasedLayout.sinceMillisPlain(copy, 0, cell)));
            }
        }
        return new State(free + " of " + permits + " free", owners, LeasedLayout.deathsOpaque(copy, 0));
    }
}
