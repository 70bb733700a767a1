package org.processmanager.sync.internal.barrier;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.layout.VictimLayout;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.WakeWord;

/** Repairs and inspects barriers: one that a dead party has arrived at, or is registered with, is broken. */
public final class BarrierHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        int parties = object.dimension(0);
        breakIfArrived(memory, at, parties, dead);
        for (int cell = parties; cell < 2 * parties; cell++) {
            if (BarrierLayout.owner(BarrierLayout.cellVolatile(memory, at, cell)) == dead) {
                breakBy(memory, at, dead, BarrierLayout.wordVolatile(memory, at));
                BarrierLayout.casCell(memory, at, cell, dead, 0); // last: until then another repairer finds it
            }
        }
        WakeWord.signalAll(memory, parking, BarrierLayout.wakeWord(at));
    }

    private static void breakIfArrived(ByteBuffer memory, int at, int parties, int dead) {
        long word = BarrierLayout.wordVolatile(memory, at);
        for (int cell = 0; cell < parties; cell++) {
            if (BarrierLayout.cellVolatile(memory, at, cell)
                    == BarrierLayout.arrival(BarrierLayout.round(word), dead)) {
                breakBy(memory, at, dead, word);
                return;
            }
        }
    }

    /** Breaks the barrier, unless it is broken; an arrival must be in the round of the word. */
    static void breakBy(ByteBuffer memory, int at, int dead, long word) {
        long found = word;
        while (BarrierLayout.broken(found) == 0 && BarrierLayout.round(found) == BarrierLayout.round(word)) {
            VictimLayout.record(memory, BarrierLayout.victim(at), Participants.slot(dead));
            if (BarrierLayout.casWord(memory, at, found, BarrierLayout.withBroken(found, Barrier.DIED))) {
                BarrierLayout.addDeath(memory, at);
                return;
            }
            found = BarrierLayout.wordVolatile(memory, at);
        }
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int parties = object.dimension(0);
        long word = BarrierLayout.wordVolatile(copy, 0);
        List<OwnerWord> owners = new ArrayList<>();
        int arrived = 0;
        for (int cell = 0; cell < 2 * parties; cell++) {
            long found = BarrierLayout.cellVolatile(copy, 0, cell);
            boolean arrival = cell < parties && BarrierLayout.isArrival(found, BarrierLayout.round(word));
            arrived += arrival ? 1 : 0;
            if (arrival || (cell >= parties && found != 0)) {
                owners.add(new OwnerWord(BarrierLayout.owner(found), 0, 0));
            }
        }
        int broken = BarrierLayout.broken(word);
        String state = broken == 0
                ? arrived + " of " + parties + " arrived"
                : "broken: " + Barrier.reason(broken, copy, BarrierLayout.victim(0));
        return new State(state, owners, BarrierLayout.deathsOpaque(copy, 0));
    }
}
