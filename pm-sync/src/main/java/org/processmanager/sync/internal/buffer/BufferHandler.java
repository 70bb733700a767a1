package org.processmanager.sync.internal.buffer;

import static org.processmanager.sync.internal.buffer.BufferLayout.CLAIMED;
import static org.processmanager.sync.internal.buffer.BufferLayout.FREE;
import static org.processmanager.sync.internal.buffer.BufferLayout.REDELIVER;
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
 * Repairs and inspects buffers: a cell that a dead producer claimed becomes free; an item that a dead consumer took is
 * redelivered or dropped, as the buffer was created.
 */
public final class BufferHandler implements ObjectHandler {
    /** How much of a buffer is looked at together: it may be almost as large as the memory of this process. */
    private static final int WINDOW_BYTES = 1 << 20;

    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        mark(memory, object, dead);
        // Even if nothing changed: a previous repairer may have died between marking and signalling.
        int at = object.offset();
        BufferLayout.redeliverVolatile(memory, at, true);
        WakeWord.signalAll(memory, parking, BufferLayout.filled(at));
        WakeWord.signalAll(memory, parking, BufferLayout.room(at));
        WakeWord.signalAll(memory, parking, BufferLayout.idle(at));
    }

    @Override
    public boolean mark(ByteBuffer memory, RegionObject object, int dead) {
        int at = object.offset();
        boolean marked = false;
        boolean drops = object.dimension(2) != 0;
        boolean firstLap = BufferLayout.isInFirstLap(memory, at, object.dimension(0));
        for (int index = 0; index < object.dimension(0); index++) {
            int cell = BufferLayout.cell(at, index, object.dimension(1));
            long word = BufferLayout.wordVolatile(memory, cell);
            if (firstLap && BufferLayout.isUnused(word)) {
                break;
            }
            while (BufferLayout.participant(word) == dead) { // again if a producer has passed the cell meanwhile
                marked |= BufferLayout.casWordOfDead(memory, at, cell, word, repaired(word, drops));
                word = BufferLayout.wordVolatile(memory, cell);
            }
        }
        return marked;
    }

    /** Returns the word that replaces that of a dead owner. */
    private static long repaired(long word, boolean drops) {
        int lap = BufferLayout.lap(word);
        return drops || BufferLayout.state(word) == CLAIMED
                ? BufferLayout.word(lap + 1, FREE, 0)
                : BufferLayout.word(lap, REDELIVER, 0);
    }

    @Override
    public int stateBytes(RegionObject object) {
        return BufferLayout.HEADER_BYTES;
    }

    /** The header is not the whole state; see the other method. */
    @Override
    public State state(ByteBuffer header, RegionObject object, IntPredicate isDead) {
        return new State("", List.of(), BufferLayout.deathsOpaque(header, 0));
    }

    @Override
    public State state(Bytes buffer, RegionObject object, IntPredicate isDead) {
        int cells = object.dimension(0);
        int stride = (int) BufferLayout.stride(object.dimension(1));
        int cellsInWindow = Math.max(1, WINDOW_BYTES / stride);
        int filled = 0;
        boolean firstLap = BufferLayout.isInFirstLap(buffer.read(0, BufferLayout.HEADER_BYTES), 0, cells);
        List<OwnerWord> owners = new ArrayList<>();
        boolean unused = false;
        for (int first = 0; first < cells && !unused; first += cellsInWindow) {
            int count = Math.min(cellsInWindow, cells - first);
            int position = BufferLayout.cell(0, first, object.dimension(1));
            ByteBuffer window = buffer.read(position, (count - 1) * stride + Long.BYTES);
            for (int index = 0; index < count; index++) {
                long word = BufferLayout.wordVolatile(window, index * stride);
                if (firstLap && BufferLayout.isUnused(word)) {
                    unused = true;
                    break;
                }
                int state = BufferLayout.state(word);
                filled += BufferLayout.isFilled(word) ? 1 : 0;
                if (state == CLAIMED || state == TAKEN) {
                    owners.add(new OwnerWord(BufferLayout.participant(word), 0, 0));
                }
            }
        }
        ByteBuffer header = buffer.read(0, BufferLayout.HEADER_BYTES);
        String ended = BufferLayout.isEnded(BufferLayout.runVolatile(header, 0)) ? ", ended" : "";
        return new State(filled + " of " + cells + " filled" + ended, owners, BufferLayout.deathsOpaque(header, 0));
    }
}
