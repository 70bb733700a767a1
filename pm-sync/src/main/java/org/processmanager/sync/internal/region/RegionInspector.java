package org.processmanager.sync.internal.region;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;

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
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return inspectOnce(path, file);
                } catch (RegionException e) {
                    if (e.reason() != Reason.CORRUPT || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (PosixException | UncheckedIOException e) {
            throw RegionErrors.cannotOpen(path, Reason.SYSTEM, e);
        }
    }

    private static RegionInfo inspectOnce(Path path, RegionFile file) {
        RegionHeader header = RegionHeader.decode(path, file.read(0, RegionLayout.HEADER_BYTES), file.size());
        ByteBuffer tables = copy(file, 0, header.objectsOffset());
        ObjectDirectory directory = new ObjectDirectory(path, tables, header);
        try (LockBytes locks = file.openLocksToLook()) {
            IntPredicate isGone = slot -> !locks.isLocked(LockBytes.alive(slot));
            return new RegionInfo(
                    path,
                    header.id(),
                    header.size(),
                    directory.freeBytes(isGone),
                    header.created(),
                    participants(tables, header.slots(), isGone),
                    objects(directory, file, new ObjectInspector(tables, header.slots(), isGone)));
        }
    }

    private static List<RegionInfo.Participant> participants(ByteBuffer tables, int slots, IntPredicate isGone) {
        List<RegionInfo.Participant> participants = new ArrayList<>();
        for (int slot = 1; slot <= slots; slot++) {
            if (SlotLayout.stateAcquire(tables, slot) == SlotLayout.FREE) {
                continue;
            }
            boolean alive = !isGone.test(slot);
            if (!alive && SlotLayout.stateAcquire(tables, slot) == SlotLayout.LEAVING) {
                continue; // it was closed, which is no death
            }
            participants.add(new RegionInfo.Participant(
                    slot,
                    SlotLayout.pidPlain(tables, slot),
                    SlotLayout.namePlain(tables, slot),
                    Instant.ofEpochMilli(SlotLayout.joinedMillisPlain(tables, slot)),
                    alive));
        }
        return List.copyOf(participants);
    }

    private static List<RegionInfo.NamedObject> objects(
            ObjectDirectory directory, RegionFile file, ObjectInspector look) {
        List<RegionInfo.NamedObject> objects = new ArrayList<>();
        for (RegionObject object : directory.objects()) {
            RegionInfo.NamedObject found = look.at(object, bytes -> copy(file, object.offset(), bytes));
            if (isStillThere(directory, object, file)) { // else what was read may be another object's
                objects.add(found);
            }
        }
        return List.copyOf(objects);
    }

    /** Direct, since words of other buffers have no memory order. */
    private static ByteBuffer copy(RegionFile file, int offset, int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).put(0, file.read(offset, bytes));
    }

    private static boolean isStillThere(ObjectDirectory directory, RegionObject object, RegionFile file) {
        ByteBuffer state = ByteBuffer.wrap(file.read(directory.entryAt(object.offset()), Integer.BYTES));
        return state.order(ByteOrder.nativeOrder()).getInt() == DirectoryLayout.PRESENT;
    }
}
