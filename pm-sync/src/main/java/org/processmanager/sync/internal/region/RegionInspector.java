package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.processmanager.sync.RegionInfo;

/** Looks at a region's tables by reading: it takes no slot, writes nothing, and disturbs nobody. */
public final class RegionInspector {
    private RegionInspector() {}

    /**
     * Reads a region.
     *
     * @param kinds tells kinds by their code
     * @throws org.processmanager.sync.RegionException if it cannot be opened
     */
    public static RegionInfo inspect(Path path, IntFunction<ObjectKind> kinds) {
        RegionFile file = RegionFile.open(path);
        if (file == null) {
            throw RegionErrors.notFound(path);
        }
        try (file) {
            RegionHeader header = RegionHeader.decode(path, file.head(RegionDescriptor.HEADER_BYTES), file.size());
            // Direct, since words of other buffers have no memory order.
            ByteBuffer tables =
                    ByteBuffer.allocateDirect(header.objectsOffset()).order(ByteOrder.nativeOrder());
            tables.put(0, file.head(header.objectsOffset()));
            Directory directory = new Directory(path, tables, header);
            try (LockBytes locks = file.openLocks()) {
                return new RegionInfo(
                        path,
                        header.id(),
                        header.size(),
                        header.size() - directory.nextOffset(),
                        header.created(),
                        participants(tables, header, locks),
                        objects(tables, directory, kinds));
            }
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
        return participants;
    }

    private static List<RegionInfo.NamedObject> objects(
            ByteBuffer tables, Directory directory, IntFunction<ObjectKind> kinds) {
        List<RegionInfo.NamedObject> objects = new ArrayList<>();
        for (int entry : directory.entries()) {
            ObjectKind kind = kinds.apply(DirectoryDescriptor.kindPlain(tables, entry));
            List<Integer> shape = Arrays.stream(DirectoryDescriptor.shapePlain(tables, entry))
                    .limit(kind.dimensions().size())
                    .boxed()
                    .toList();
            objects.add(new RegionInfo.NamedObject(
                    DirectoryDescriptor.namePlain(tables, entry),
                    kind.name(),
                    shape,
                    DirectoryDescriptor.sizePlain(tables, entry)));
        }
        return objects;
    }
}
