package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.Parking;
import org.processmanager.sync.internal.region.RegionObject;

/** The permits of a dead holder come back. */
final class LeasedCare implements ObjectCare {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        for (int cell = 0; cell < object.dimension(0); cell++) {
            long word = LeasedDescriptor.wordVolatile(memory, at, cell);
            if (LeasedDescriptor.owner(word) == dead) {
                LeasedDescriptor.casWordOfDead(memory, at, cell, word, LeasedDescriptor.free(word));
            }
        }
        WakeWord.signalAll(memory, parking, LeasedDescriptor.word(at));
    }

    @Override
    public int shownBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int permits = object.dimension(0);
        int free = 0;
        List<OwnerWord> owners = new ArrayList<>();
        for (int cell = 0; cell < permits; cell++) {
            int owner = LeasedDescriptor.owner(LeasedDescriptor.wordVolatile(copy, 0, cell));
            if (owner == 0 || isDead.test(owner)) {
                free++; // as availablePermits() counts
            }
            if (owner != 0) {
                owners.add(new OwnerWord(
                        owner,
                        LeasedDescriptor.threadPlain(copy, 0, cell),
                        LeasedDescriptor.sinceMillisPlain(copy, 0, cell)));
            }
        }
        return new Look(free + " of " + permits + " free", owners, LeasedDescriptor.deathsOpaque(copy, 0));
    }
}
