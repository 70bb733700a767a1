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

/**
 * Repairs and inspects buffers: a cell that a dead producer claimed is skipped; an item that a dead consumer took is redelivered
 * or dropped, as the buffer was created.
 */
public final class BufferHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        mark(memory, object, dead);
        // Even if nothing changed: a previous repairer may have died between marking and signalling.
        int at = object.offset();
        BufferLayout.redeliverVolatile(memory, at, true);
        WakeWord.signalAll(memory, parking, BufferLayout.filled(at));
        WakeWord.signalAll(memory, parking, BufferLayout.room(at));
    }

    @Override
    public boolean mark(ByteBuffer memory, RegionObject object, int dead) {
        int at = object.offset();
        boolean marked = false;
        boolean drops = object.dimension(2) != 0;
        for (int index = 0; index < object.dimension(0); index++) {
            int cell = BufferLayout.cell(at, index, object.dimension(1));
            long word = BufferLayout.wordVolatile(memory, cell);
            if (BufferLayout.participant(word) == dead) {
                marked |= BufferLayout.casWordOfDead(memory, at, cell, word, repaired(word, drops));
            }
        }
        return marked;
    }

    /** Returns the word that replaces that of a dead owner. */
    private static long repaired(long word, boolean drops) {
        int lap = BufferLayout.lap(word);
        if (BufferLayout.state(word) == CLAIMED) {
            return BufferLayout.word(lap, SKIPPED, 0);
        }
        return drops ? BufferLayout.word(lap + 1, FREE, 0) : BufferLayout.word(lap, REDELIVER, 0);
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
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
        return new State(filled + " of " + object.dimension(0) + " filled", owners, BufferLayout.deathsOpaque(copy, 0));
    }
}
