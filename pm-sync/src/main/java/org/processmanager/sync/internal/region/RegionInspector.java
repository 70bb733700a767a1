package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.ObjectCare.Look;
import org.processmanager.sync.internal.region.ObjectCare.OwnerWord;

/** Looks at a region's tables by reading: it takes no slot, writes nothing, and disturbs nobody. */
public final class RegionInspector {
    private static final int ATTEMPTS = 4;

    private RegionInspector() {}

    /**
     * Reads a region.
     *
     * @throws org.processmanager.sync.RegionException if it cannot be opened
     */
    public static RegionInfo inspect(Path path) {
        RegionFile file = RegionFile.openToLook(path);
        if (file == null) {
            throw RegionErrors.notFound(path);
        }
        try (file) {
            return inspect(path, file);
        }
    }

    /** Reads the region of an open file, again if its tables changed while they were copied, which looks like damage. */
    static RegionInfo inspect(Path path, RegionFile file) {
        for (int attempt = 1; ; attempt++) {
            try {
                return inspectOnce(path, file);
            } catch (RegionException e) {
                if (e.reason() != Reason.CORRUPT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static RegionInfo inspectOnce(Path path, RegionFile file) {
        RegionHeader header = RegionHeader.decode(path, file.read(0, RegionDescriptor.HEADER_BYTES), file.size());
        // Direct, since words of other buffers have no memory order.
        ByteBuffer tables = ByteBuffer.allocateDirect(header.objectsOffset()).order(ByteOrder.nativeOrder());
        tables.put(0, file.read(0, header.objectsOffset()));
        Directory directory = new Directory(path, tables, header);
        try (LockBytes locks = file.openLocksToLook()) {
            return new RegionInfo(
                    path,
                    header.id(),
                    header.size(),
                    directory.freeBytes(slot -> !locks.isLocked(LockBytes.alive(slot))),
                    header.created(),
                    participants(tables, header, locks),
                    objects(tables, header, directory, file, locks));
        }
    }

    private static List<RegionInfo.Participant> participants(ByteBuffer tables, RegionHeader header, LockBytes locks) {
        List<RegionInfo.Participant> participants = new ArrayList<>();
        for (int slot = 1; slot <= header.slots(); slot++) {
            if (SlotDescriptor.stateAcquire(tables, slot) == SlotDescriptor.FREE) {
                continue;
            }
            boolean alive = locks.isLocked(LockBytes.alive(slot));
            if (!alive && SlotDescriptor.stateAcquire(tables, slot) == SlotDescriptor.LEAVING) {
                continue; // it was closed, which is no death
            }
            participants.add(new RegionInfo.Participant(
                    slot,
                    SlotDescriptor.pidPlain(tables, slot),
                    SlotDescriptor.namePlain(tables, slot),
                    Instant.ofEpochMilli(SlotDescriptor.joinedMillisPlain(tables, slot)),
                    alive));
        }
        return List.copyOf(participants);
    }

    private static List<RegionInfo.NamedObject> objects(
            ByteBuffer tables, RegionHeader header, Directory directory, RegionFile file, LockBytes locks) {
        IntPredicate isDead = participant -> isDead(tables, header, locks, participant);
        List<RegionInfo.NamedObject> objects = new ArrayList<>();
        for (RegionObject object : directory.objects()) {
            ObjectKind kind = object.kind();
            Look look = look(object, file, isDead);
            if (!isStillThere(directory, object, file)) {
                continue; // what was read may be another object's
            }
            objects.add(new RegionInfo.NamedObject(
                    object.name(),
                    kind.name(),
                    Arrays.stream(object.shape())
                            .limit(kind.dimensions().size())
                            .boxed()
                            .toList(),
                    object.bytes(),
                    look.state(),
                    look.owners().stream()
                            .map(owner -> owner(tables, header, owner, isDead))
                            .toList(),
                    waiting(tables, header, locks, object),
                    look.deathsRepaired()));
        }
        return List.copyOf(objects);
    }

    private static boolean isStillThere(Directory directory, RegionObject object, RegionFile file) {
        ByteBuffer state = ByteBuffer.wrap(file.read(directory.entryAt(object.offset()), Integer.BYTES));
        return state.order(ByteOrder.nativeOrder()).getInt() == DirectoryDescriptor.PRESENT;
    }

    private static Look look(RegionObject object, RegionFile file, IntPredicate isDead) {
        ObjectCare care = ObjectCare.of(object.kind().code());
        if (care == null) {
            return new Look("", List.of(), 0);
        }
        int bytes = Math.min(care.shownBytes(object), object.bytes());
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        copy.put(0, file.read(object.offset(), bytes));
        return care.look(copy, object, isDead);
    }

    private static RegionInfo.Owner owner(
            ByteBuffer tables, RegionHeader header, OwnerWord owner, IntPredicate isDead) {
        int slot = Participants.slot(owner.participant());
        return new RegionInfo.Owner(
                slot >= 1 && slot <= header.slots() ? SlotDescriptor.pidPlain(tables, slot) : 0,
                owner.thread(),
                owner.sinceMillis() == 0 ? null : Instant.ofEpochMilli(owner.sinceMillis()),
                !isDead.test(owner.participant()));
    }

    private static boolean isDead(ByteBuffer tables, RegionHeader header, LockBytes locks, int participant) {
        int slot = Participants.slot(participant);
        return slot < 1
                || slot > header.slots()
                || SlotDescriptor.stateAcquire(tables, slot) == SlotDescriptor.FREE
                || Participants.word(slot, SlotDescriptor.generationAcquire(tables, slot)) != participant
                || !locks.isLocked(LockBytes.alive(slot));
    }

    private static int waiting(ByteBuffer tables, RegionHeader header, LockBytes locks, RegionObject object) {
        int threads = 0;
        for (int slot = 1; slot <= header.slots(); slot++) {
            int there = SlotDescriptor.stateAcquire(tables, slot) == SlotDescriptor.LIVE
                    ? SlotDescriptor.waiting(tables, slot, object.offset())
                    : 0;
            threads += there > 0 && locks.isLocked(LockBytes.alive(slot)) ? there : 0;
        }
        return threads;
    }
}
