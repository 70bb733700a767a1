package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.REDELIVER;
import static org.processmanager.sync.internal.buffer.BufferLayout.SKIPPED;
import static org.processmanager.sync.internal.buffer.BufferLayout.TAKEN;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.WakeWord;

/** What a dead producer claimed is skipped; what a dead consumer took is redelivered or dropped, as the buffer was made. */
public final class BufferHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        boolean drops = object.dimension(2) != 0;
        for (int index = 0; index < object.dimension(0); index++) {
            int cell = BufferLayout.cell(at, index, object.dimension(1));
            long word = BufferLayout.wordVolatile(memory, cell);
            if (BufferLayout.participant(word) == dead) {
                BufferLayout.casWordOfDead(memory, at, cell, word, repaired(word, drops));
            }
        }
        // Also when there was nothing to mark: who marked, or had the hint down, may have died before it put it up.
        wakeAll(memory, parking, at);
    }

    /** After cells were marked. */
    static void wakeAll(ByteBuffer memory, Parking parking, int at) {
        BufferLayout.redeliverVolatile(memory, at, true);
        WakeWord.signalAll(memory, parking, BufferLayout.filled(at));
        WakeWord.signalAll(memory, parking, BufferLayout.room(at));
    }

    /** What becomes of a cell that its owner will not come back to. */
    static long repaired(long word, boolean drops) {
        int lap = BufferLayout.lap(word);
        if (BufferLayout.state(word) == CLAIMED) {
            return BufferLayout.word(lap, SKIPPED, 0);
        }
        return drops ? BufferLayout.word(lap + 1, FREE, 0) : BufferLayout.word(lap, REDELIVER, 0);
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
            long word = BufferLayout.wordVolatile(copy, BufferLayout.cell(0, index, object.dimension(1)));
            int state = BufferLayout.state(word);
            filled += BufferLayout.isFilled(word) ? 1 : 0;
            if (state == CLAIMED || state == TAKEN) {
                owners.add(new OwnerWord(BufferLayout.participant(word), 0, 0));
            }
        }
        return new Look(filled + " of " + object.dimension(0) + " filled", owners, BufferLayout.deathsOpaque(copy, 0));
    }
}
