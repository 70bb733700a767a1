package org.processmanager.sync.internal.latch;

import static org.processmanager.sync.internal.latch.OwnedLatchLayout.COUNTED;
import static org.processmanager.sync.internal.latch.OwnedLatchLayout.DEAD;
import static org.processmanager.sync.internal.latch.OwnedLatchLayout.REGISTERED;

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

/** Repairs and inspects latches with owners: a party that died has failed, or counts as one that has counted down. */
public final class OwnedLatchHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        for (int cell = 0; cell < object.dimension(0); cell++) {
            if (OwnedLatchLayout.wordVolatile(memory, at, cell) == OwnedLatchLayout.word(REGISTERED, dead)) {
                markDead(memory, object, cell, dead);
            }
        }
        WakeWord.signalAll(memory, parking, OwnedLatchLayout.wakeWord(at));
    }

    private static void markDead(ByteBuffer memory, RegionObject object, int cell, int dead) {
        int at = object.offset();
        OwnedLatchLayout.addDeath(memory, at);
        VictimLayout.record(memory, OwnedLatchLayout.victim(at), Participants.slot(dead));
        int state = object.dimension(1) != 0 ? COUNTED : DEAD;
        OwnedLatchLayout.casWord(
                memory, at, cell, OwnedLatchLayout.word(REGISTERED, dead), OwnedLatchLayout.word(state, 0));
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        int counted = 0;
        boolean failed = false;
        List<OwnerWord> owners = new ArrayList<>();
        for (int cell = 0; cell < object.dimension(0); cell++) {
            long word = OwnedLatchLayout.wordVolatile(copy, 0, cell);
            int state = OwnedLatchLayout.state(word);
            counted += state == COUNTED ? 1 : 0;
            failed |= state == DEAD;
            if (state == REGISTERED) {
                owners.add(new OwnerWord(OwnedLatchLayout.owner(word), 0, 0));
            }
        }
        int parties = object.dimension(0);
        String description = failed
                ? "failed: " + VictimLayout.describe(copy, OwnedLatchLayout.victim(0)) + " died"
                : counted == parties ? "open" : counted + " of " + parties + " counted down";
        return new State(description, owners, OwnedLatchLayout.deathsOpaque(copy, 0));
    }
}
