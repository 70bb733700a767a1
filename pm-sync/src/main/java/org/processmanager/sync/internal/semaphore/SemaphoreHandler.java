package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.WakeWord;

/** Repairs and inspects semaphores whose permits have no owner: only a fair one names participants, those that wait. */
public final class SemaphoreHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        if (!isFair(object)) {
            return; // no word names a participant
        }
        int at = object.offset();
        int slot = Participants.slot(dead);
        long place = SemaphoreLayout.placeVolatile(memory, at, slot);
        if (SemaphoreLayout.participant(place) == dead) {
            SemaphoreLayout.casPlace(memory, at, slot, place, 0);
        }
        int highest = Math.min(SemaphoreLayout.highestSlotVolatile(memory, at), SemaphoreLayout.slots(object.bytes()));
        for (int other = 1; other <= highest; other++) {
            WakeWord.signalAll(memory, parking, SemaphoreLayout.wakeWord(at, other));
        }
    }

    /** Returns whether a semaphore has places for waiting participants. */
    static boolean isFair(RegionObject object) {
        return object.dimension(1) != 0;
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int permits = SemaphoreLayout.permits(SemaphoreLayout.wordVolatile(copy, 0));
        return new State(permits + " permits", List.of(), 0);
    }
}
