package org.processmanager.sync.internal.rwlock;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.mutex.MutexHandler;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.wait.WakeWord;

/** Repairs and inspects read-write locks: the holds of a dead reader are cleared, the mutex of a dead writer is orphaned. */
public final class ReadWriteHandler implements ObjectHandler {
    private final MutexHandler mutexes = new MutexHandler();

    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        mutexes.repair(memory, parking, object, dead);
        ReadWriteLayout.clearCell(memory, at, Participants.slot(dead));
        WakeWord.signalAll(memory, parking, ReadWriteLayout.readersWakeWord(at));
        WakeWord.signalAll(memory, parking, ReadWriteLayout.writerWakeWord(at));
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        State writer = mutexes.state(copy, object, isDead);
        boolean closed = ReadWriteLayout.isClosed(ReadWriteLayout.gateVolatile(copy, 0));
        List<OwnerWord> owners = new ArrayList<>();
        for (OwnerWord owner : writer.owners()) {
            owners.add(closed ? owner : owner.as(Role.UPDATE));
        }
        int holds = 0;
        int highest = Math.min(ReadWriteLayout.highestSlotVolatile(copy, 0), ReadWriteLayout.slots(object.bytes()));
        for (int slot = 1; slot <= highest; slot++) {
            int here = ReadWriteLayout.holdsVolatile(copy, 0, slot);
            if (here > 0) {
                holds += here;
                owners.add(new OwnerWord(Role.READ, ReadWriteLayout.participantVolatile(copy, 0, slot), 0, "", 0));
            }
        }
        String held =
                writer.owners().isEmpty() ? writer.description() : closed ? "held for writing" : "held for updating";
        boolean dead = writer.description().contains("dead");
        String readers = holds == 0 ? "" : ", " + holds + " read holds";
        return new State((dead ? writer.description() : held) + readers, owners, writer.deathsRepaired());
    }
}
