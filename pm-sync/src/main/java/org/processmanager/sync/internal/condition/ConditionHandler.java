package org.processmanager.sync.internal.condition;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Repairs and inspects conditions: signals that a dead participant had received, but not acted on, are counted as lost, which
 * lets all waiting threads return.
 */
public final class ConditionHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        mark(memory, object, dead);
        int at = object.offset();
        int highest = highestSlot(memory, at, object);
        for (int slot = 1; slot <= highest; slot++) {
            if (ConditionLayout.waiting(ConditionLayout.wordVolatile(memory, at, slot)) > 0) {
                WakeWord.signalAll(memory, parking, ConditionLayout.wakeWord(at, slot));
            }
        }
    }

    @Override
    public boolean mark(ByteBuffer memory, RegionObject object, int dead) {
        int at = object.offset();
        int slot = Participants.slot(dead);
        if (slot > highestSlot(memory, at, object)) {
            return false;
        }
        while (true) {
            long word = ConditionLayout.wordVolatile(memory, at, slot);
            if (!ConditionLayout.isOf(word, dead) || ConditionLayout.waiting(word) == 0) {
                return false;
            }
            // Before the cell is cleared: another repairer may have to continue from here.
            if (ConditionLayout.signals(word) > 0) {
                ConditionLayout.addLostSignal(memory, at);
            }
            if (ConditionLayout.casWord(memory, at, slot, word, 0)) {
                ConditionLayout.addDeath(memory, at);
                return true;
            }
        }
    }

    private static int highestSlot(ByteBuffer memory, int at, RegionObject object) {
        return Math.min(ConditionLayout.highestSlotVolatile(memory, at), ConditionLayout.slots(object.bytes()));
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int waiting = 0;
        int signalled = 0;
        for (int slot = 1; slot <= highestSlot(copy, 0, object); slot++) {
            long word = ConditionLayout.wordVolatile(copy, 0, slot);
            if (ConditionLayout.waiting(word) > 0
                    && !isDead.test(Participants.word(slot, ConditionLayout.generation(word)))) {
                waiting += ConditionLayout.waiting(word) - ConditionLayout.signals(word);
                signalled += ConditionLayout.signals(word);
            }
        }
        String description = waiting + " waiting" + (signalled > 0 ? ", " + signalled + " signalled" : "");
        return new State(description, List.of(), ConditionLayout.deathsOpaque(copy, 0));
    }
}
