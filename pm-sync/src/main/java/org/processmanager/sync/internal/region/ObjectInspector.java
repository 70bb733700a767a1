package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectHandler.OwnerWord;
import org.processmanager.sync.internal.region.object.ObjectHandler.State;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Reads the state of objects, from the mapped region or from a copy of its file; writes nothing.
 *
 * @param tables the region's header, slots and directory, from its first byte
 * @param slots how many slots it has
 * @param isAbsent whether no live participant has a slot
 */
record ObjectInspector(ByteBuffer tables, int slots, IntPredicate isAbsent) {
    /**
     * Returns the state of one object.
     *
     * @param bytes the object: copies from its file, or the memory itself
     */
    RegionSnapshot.NamedObject inspect(RegionObject object, ObjectHandler.Bytes bytes) {
        ObjectHandler handler = ObjectHandler.of(object.type().code());
        State state = handler == null ? new State("", List.of(), 0) : handler.state(bytes, object, this::isDead);
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < object.type().dimensions().size(); i++) {
            shape.add(object.dimension(i));
        }
        List<RegionSnapshot.Owner> owners = new ArrayList<>();
        for (OwnerWord owner : state.owners()) {
            owners.add(owner(owner));
        }
        return new RegionSnapshot.NamedObject(
                object.name(),
                object.type().name(),
                shape,
                object.bytes(),
                state.description(),
                owners,
                waiters(object),
                state.deathsRepaired());
    }

    private RegionSnapshot.Owner owner(OwnerWord owner) {
        int slot = Participants.slot(owner.participant());
        return new RegionSnapshot.Owner(
                slot >= 1 && slot <= slots ? SlotLayout.pidPlain(tables, slot) : 0,
                owner.thread(),
                owner.sinceMillis() == 0 ? null : Instant.ofEpochMilli(owner.sinceMillis()),
                !isDead(owner.participant()));
    }

    private boolean isDead(int participant) {
        int slot = Participants.slot(participant);
        return slot < 1
                || slot > slots
                || SlotLayout.stateAcquire(tables, slot) == SlotLayout.FREE
                || Participants.word(slot, SlotLayout.generationAcquire(tables, slot)) != participant
                || isAbsent.test(slot);
    }

    private int waiters(RegionObject object) {
        int threads = 0;
        for (int slot = 1; slot <= slots; slot++) {
            int waiting = SlotLayout.stateAcquire(tables, slot) == SlotLayout.LIVE
                    ? SlotLayout.waiting(tables, slot, object.offset())
                    : 0;
            threads += waiting > 0 && !isAbsent.test(slot) ? waiting : 0;
        }
        return threads;
    }
}
