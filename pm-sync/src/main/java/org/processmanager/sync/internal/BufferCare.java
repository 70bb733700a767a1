package org.processmanager.sync.internal;

import static org.processmanager.sync.internal.BufferDescriptor.CLAIMED;
import static org.processmanager.sync.internal.BufferDescriptor.FREE;
import static org.processmanager.sync.internal.BufferDescriptor.REDELIVER;
import static org.processmanager.sync.internal.BufferDescriptor.SKIPPED;
import static org.processmanager.sync.internal.BufferDescriptor.TAKEN;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.Parking;
import org.processmanager.sync.internal.region.RegionObject;

/** What a dead producer claimed is skipped; what a dead consumer took is redelivered or dropped, as the buffer was made. */
final class BufferCare implements ObjectCare {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        boolean drops = object.dimension(2) != 0;
        for (int index = 0; index < object.dimension(0); index++) {
            int cell = BufferDescriptor.cell(at, index, object.dimension(1));
            long word = BufferDescriptor.wordVolatile(memory, cell);
            if (BufferDescriptor.participant(word) == dead) {
                BufferDescriptor.casWordOfDead(memory, at, cell, word, repaired(word, drops));
            }
        }
        // Also when there was nothing to mark: who marked, or had the hint down, may have died before it put it up.
        wakeAll(memory, parking, at);
    }

    /** After cells were marked. */
    static void wakeAll(ByteBuffer memory, Parking parking, int at) {
        BufferDescriptor.redeliverVolatile(memory, at, true);
        WakeWord.signalAll(memory, parking, BufferDescriptor.filled(at));
        WakeWord.signalAll(memory, parking, BufferDescriptor.room(at));
    }

    /** What becomes of a cell that its owner will not come back to. */
    static long repaired(long word, boolean drops) {
        int lap = BufferDescriptor.lap(word);
        if (BufferDescriptor.state(word) == CLAIMED) {
            return BufferDescriptor.word(lap, SKIPPED, 0);
        }
        return drops ? BufferDescriptor.word(lap + 1, FREE, 0) : BufferDescriptor.word(lap, REDELIVER, 0);
    }

    @Override
    public int shownBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int filled = 0;
        List<OwnerWord> owners = new ArrayList<>();
        for (int index = 0; index < object.dimension(0); index++) {
            long word = BufferDescriptor.wordVolatile(copy, BufferDescriptor.cell(0, index, object.dimension(1)));
            int state = BufferDescriptor.state(word);
            filled += BufferDescriptor.isFilled(word) ? 1 : 0;
            if (state == CLAIMED || state == TAKEN) {
                owners.add(new OwnerWord(BufferDescriptor.participant(word), 0, 0));
            }
        }
        return new Look(
                filled + " of " + object.dimension(0) + " filled", owners, BufferDescriptor.deathsOpaque(copy, 0));
    }
}
