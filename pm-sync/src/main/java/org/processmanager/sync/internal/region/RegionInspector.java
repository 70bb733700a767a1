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
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads a region's tables from its file. It takes no slot and writes nothing. */
public final class RegionInspector {
    static final int ATTEMPTS = 4;

    private RegionInspector() {}

    /**
     * Reads a region.
     *
     * @throws org.processmanager.sync.RegionException if it cannot be opened
     */
    public static RegionSnapshot inspect(Path path) {
        RegionFile file = RegionFile.openForReading(path);
        if (file == null) {
            throw RegionErrors.notFound(path);
        }
        try (file) {
            return inspect(path, file);
        }
    }

    /** Reads the region of an open file; retries if its tables look damaged, as they may change while they are copied. */
    static RegionSnapshot inspect(Path path, RegionFile file) {
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
            throw RegionErrors.cannotOpen(path, e);
        }
    }

    private static RegionSnapshot inspectOnce(Path path, RegionFile file) {
        RegionHeader header = RegionHeader.decode(path, file.read(0, RegionLayout.HEADER_BYTES), file.size());
        ByteBuffer tables = copy(file, 0, header.objectsOffset());
        ObjectDirectory directory = new ObjectDirectory(path, tables, header);
        try (LockBytes locks = file.openLocksForReading()) {
            IntPredicate isAbsent = slot -> !locks.isLocked(LockBytes.alive(slot));
            return new RegionSnapshot(
                    path,
                    header.id(),
                    header.size(),
                    directory.freeBytes(isAbsent),
                    header.created(),
                    participants(tables, header.slots(), isAbsent),
                    objects(directory, file, new ObjectInspector(tables, header, isAbsent)));
        }
    }

    private static List<RegionSnapshot.Participant> participants(ByteBuffer tables, int slots, IntPredicate isAbsent) {
        List<RegionSnapshot.Participant> participants = new ArrayList<>();
        for (int slot = 1; slot <= slots; slot++) {
            if (SlotLayout.stateAcquire(tables, slot) == SlotLayout.FREE) {
                continue;
            }
            boolean alive = !isAbsent.test(slot);
            if (!alive && SlotLayout.stateAcquire(tables, slot) == SlotLayout.LEAVING) {
                continue; // closed, not dead
            }
            participants.add(new RegionSnapshot.Participant(
                    slot,
                    SlotLayout.pidPlain(tables, slot),
                    SlotLayout.namePlain(tables, slot),
                    Instant.ofEpochMilli(SlotLayout.joinedMillisPlain(tables, slot)),
                    alive));
        }
        return List.copyOf(participants);
    }

    private static List<RegionSnapshot.NamedObject> objects(
            ObjectDirectory directory, RegionFile file, ObjectInspector inspector) {
        List<RegionSnapshot.NamedObject> objects = new ArrayList<>();
        for (RegionObject object : directory.objects()) {
            RegionSnapshot.NamedObject found = inspector.inspect(object, new Window(file, object.offset()));
            if (stillExists(directory, object, file)) { // otherwise the bytes may be another object's
                objects.add(found);
            }
        }
        return List.copyOf(objects);
    }

    /** Returns a direct buffer, since only those support ordered access. */
    static ByteBuffer copy(RegionFile file, int offset, int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).put(0, file.read(offset, bytes));
    }

    /** Copies parts of an object to one buffer, which grows to the largest. */
    static final class Window implements ObjectHandler.Bytes {
        private final RegionFile file;
        private final int offset;
        private ByteBuffer window = ByteBuffer.allocateDirect(0);

        Window(RegionFile file, int offset) {
            this.file = file;
            this.offset = offset;
        }

        @Override
        public ByteBuffer read(int position, int bytes) {
            byte[] read = file.read((long) offset + position, bytes);
            if (window.capacity() < bytes) {
                window = ByteBuffer.allocateDirect(bytes);
            }
            // zero where the file has become shorter
            return window.clear()
                    .put(read)
                    .put(new byte[bytes - read.length])
                    .slice(0, bytes)
                    .order(ByteOrder.nativeOrder());
        }
    }

    private static boolean stillExists(ObjectDirectory directory, RegionObject object, RegionFile file) {
        ByteBuffer state = ByteBuffer.wrap(file.read(directory.entryAt(object.offset()), Integer.BYTES));
        return state.order(ByteOrder.nativeOrder()).getInt() == DirectoryLayout.PRESENT;
    }
}
