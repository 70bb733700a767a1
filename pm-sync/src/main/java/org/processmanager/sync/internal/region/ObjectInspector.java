package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectHandler.Look;
import org.processmanager.sync.internal.region.object.ObjectHandler.OwnerWord;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * How objects of a region are shown to people: by reading alone, in the mapped region as in a copy of its file.
 *
 * @param tables the region's header, slots and directory, from its first byte
 * @param slots how many slots it has
 * @param isGone whether the participant in a slot can do nothing any more
 */
record ObjectInspector(ByteBuffer tables, int slots, IntPredicate isGone) {
    /**
     * Looks at one object.
     *
     * @param read gives so many of its first bytes, in native order: a copy, or the memory itself
     */
    RegionInfo.NamedObject at(RegionObject object, IntFunction<ByteBuffer> read) {
        Look look = look(object, read);
        return new RegionInfo.NamedObject(
                object.name(),
                object.kind().name(),
                Arrays.stream(object.shape())
                        .limit(object.kind().dimensions().size())
                        .boxed()
                        .toList(),
                object.bytes(),
                look.state(),
                look.owners().stream().map(this::owner).toList(),
                waiting(object),
                look.deathsRepaired());
    }

    private Look look(RegionObject object, IntFunction<ByteBuffer> read) {
        ObjectHandler care = ObjectHandler.of(object.kind().code());
        if (care == null) {
            return new Look("", List.of(), 0);
        }
        int bytes = Math.min(care.shownBytes(object), object.bytes());
        return care.look(read.apply(bytes), object, this::isDead);
    }

    private RegionInfo.Owner owner(OwnerWord owner) {
        int slot = Participants.slot(owner.participant());
        return new RegionInfo.Owner(
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
                || isGone.test(slot);
    }

    private int waiting(RegionObject object) {
        int threads = 0;
        for (int slot = 1; slot <= slots; slot++) {
            int there = SlotLayout.stateAcquire(tables, slot) == SlotLayout.LIVE
                    ? SlotLayout.waiting(tables, slot, object.offset())
                    : 0;
            threads += there > 0 && !isGone.test(slot) ? there : 0;
        }
        return threads;
    }
}
