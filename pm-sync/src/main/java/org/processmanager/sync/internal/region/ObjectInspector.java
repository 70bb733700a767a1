package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.layout.WaitRecord;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectHandler.OwnerWord;
import org.processmanager.sync.internal.region.object.ObjectHandler.State;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Reads the state of objects, from the mapped region or from a copy of its file; writes nothing.
 *
 * @param tables the region's header, slots and directory, from its first byte
 * @param header says where they are
 * @param isAbsent whether no live participant has a slot
 */
record ObjectInspector(ByteBuffer tables, RegionHeader header, IntPredicate isAbsent) {
    /**
     * Returns the state of one object.
     *
     * @param bytes the object: copies from its file, or the memory itself
     */
    RegionSnapshot.NamedObject inspect(RegionObject object, ObjectHandler.Bytes bytes) {
        State state = state(object, bytes);
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

    /** Returns the state of one object, as {@link #inspect} does. */
    State state(RegionObject object, ObjectHandler.Bytes bytes) {
        ObjectHandler handler = ObjectHandler.of(object.type().code());
        return handler == null ? new State("", List.of(), 0) : handler.state(bytes, object, this::isDead);
    }

    private RegionSnapshot.Owner owner(OwnerWord owner) {
        int slot = Participants.slot(owner.participant());
        boolean known = slot >= 1 && slot <= header.slots();
        return new RegionSnapshot.Owner(
                known ? SlotLayout.pidPlain(tables, slot) : 0,
                known ? SlotLayout.namePlain(tables, slot) : "",
                owner.thread(),
                owner.threadName(),
                owner.sinceMillis() == 0 ? null : Instant.ofEpochMilli(owner.sinceMillis()),
                !isDead(owner.participant()));
    }

    boolean isDead(int participant) {
        int slot = Participants.slot(participant);
        return slot < 1
                || slot > header.slots()
                || SlotLayout.stateAcquire(tables, slot) == SlotLayout.FREE
                || Participants.word(slot, SlotLayout.generationAcquire(tables, slot)) != participant
                || isAbsent.test(slot);
    }

    private int waiters(RegionObject object) {
        int threads = 0;
        for (int record = 0; record < header.slots(); record++) {
            int at = WaitRecords.offset(header.waitsOffset(), record);
            if (WaitLayout.object(tables, at) == object.offset()) {
                WaitRecord wait = WaitLayout.read(tables, at);
                threads += wait.isWait() && !isDead(wait.participant()) ? 1 : 0;
            }
        }
        return threads + unlisted(object.offset());
    }

    /** Returns how many threads wait for an object and have no wait record. */
    int unlisted(int object) {
        int threads = 0;
        for (int slot = 1; slot <= header.slots(); slot++) {
            int waiting = SlotLayout.stateAcquire(tables, slot) == SlotLayout.LIVE
                    ? SlotLayout.unlisted(tables, slot, object)
                    : 0;
            threads += waiting > 0 && !isAbsent.test(slot) ? waiting : 0;
        }
        return threads;
    }
}
