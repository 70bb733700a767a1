package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * The named objects of a region.
 *
 * <p>Reading takes no lock: an entry counts from the moment its state is published, last of all. Where the next object goes
 * is derived from the published ones, so a creator that is killed leaves nothing, and its room is zeroed and used again.
 * Entries are never removed: other handles may be in the middle of using them. Crash points: {@code object.zeroed},
 * {@code object.initialized}, {@code object.described}, {@code object.published}.
 */
public final class Directory {
    /** Writes the first content of a new object, which is zero, before anybody can see it. */
    @FunctionalInterface
    public interface Initializer {
        /** Called under the creation lock: no waiting, no other objects. */
        void initialize(ByteBuffer region, int offset);
    }

    private final Path path;
    private final ByteBuffer memory;
    private final RegionHeader header;

    Directory(Path path, ByteBuffer memory, RegionHeader header) {
        this.path = path;
        this.memory = memory;
        this.header = header;
    }

    /** The object of that name, if it is of that kind and layout; checked is nothing else. */
    Optional<RegionObject> find(String name, ObjectKind kind) {
        Names.check(name);
        int entry = findEntry(name);
        return entry < 0 ? Optional.empty() : Optional.of(read(entry, name, kind));
    }

    /** The object of that name, which must be as described if it is there. */
    @Nullable
    RegionObject findExactly(String name, ObjectKind kind, int[] shape, long bytes) {
        Names.check(name);
        int entry = findEntry(name);
        if (entry < 0) {
            return null;
        }
        RegionObject found = read(entry, name, kind);
        int[] wanted = Arrays.copyOf(shape, ObjectKind.DIMENSIONS);
        if (!Arrays.equals(found.shape(), wanted)) {
            throw refuse(
                    Reason.OTHER_OBJECT,
                    name,
                    "it is a " + kind.describe(found.shape()) + ", asked for was a " + kind.describe(wanted)
                            + "; use the same numbers or another name");
        }
        if (found.bytes() != bytes) {
            throw refuse(Reason.OTHER_LAYOUT, name, "it has " + found.bytes() + " bytes (expected: " + bytes + ")");
        }
        return found;
    }

    /** Makes an object; the caller holds the creation lock and has seen that the name is free. */
    RegionObject create(String name, ObjectKind kind, int[] shape, long bytes, Initializer initializer) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: > 0)");
        }
        int entry = freeEntry(name);
        long offset = nextOffset();
        long end = Math.min(header.size(), memory.capacity());
        if (bytes > end - offset) {
            throw refuse(
                    Reason.FULL,
                    name,
                    "it needs " + bytes + " bytes and " + Math.max(0, end - offset) + " of " + header.size()
                            + " are free; make the region larger");
        }
        RegionObject object = new RegionObject(name, kind, shape, (int) offset, (int) bytes);
        zero(object);
        CrashPoint.reach("object.zeroed");
        initializer.initialize(memory, object.offset());
        CrashPoint.reach("object.initialized");
        DirectoryDescriptor.writePlain(memory, entry, object);
        CrashPoint.reach("object.described");
        DirectoryDescriptor.stateRelease(memory, entry, DirectoryDescriptor.PRESENT);
        CrashPoint.reach("object.published");
        return object;
    }

    /** All published objects. */
    List<RegionObject> objects() {
        List<RegionObject> objects = new ArrayList<>();
        for (int entry : entries()) {
            checkEntry(entry);
            objects.add(new RegionObject(
                    DirectoryDescriptor.namePlain(memory, entry),
                    ObjectCare.kind(DirectoryDescriptor.kindPlain(memory, entry)),
                    DirectoryDescriptor.shapePlain(memory, entry),
                    (int) DirectoryDescriptor.offsetPlain(memory, entry),
                    (int) DirectoryDescriptor.sizePlain(memory, entry)));
        }
        return objects;
    }

    /** Offsets of all published entries. */
    List<Integer> entries() {
        List<Integer> present = new ArrayList<>();
        for (int i = 0; i < header.entries(); i++) {
            int entry = entry(i);
            int state = DirectoryDescriptor.stateAcquire(memory, entry);
            if (state == DirectoryDescriptor.PRESENT) {
                present.add(entry);
            } else if (state != DirectoryDescriptor.FREE) {
                throw contradiction(entry);
            }
        }
        return present;
    }

    /** Where the next object would lie. */
    long nextOffset() {
        long next = header.objectsOffset();
        for (int entry : entries()) {
            checkEntry(entry);
            long end = DirectoryDescriptor.offsetPlain(memory, entry) + DirectoryDescriptor.sizePlain(memory, entry);
            next = Math.max(next, end);
        }
        return RegionDescriptor.align(next, RegionDescriptor.OBJECT_ALIGNMENT);
    }

    private RegionObject read(int entry, String name, ObjectKind kind) {
        checkEntry(entry);
        int code = DirectoryDescriptor.kindPlain(memory, entry);
        if (code != kind.code()) {
            throw refuse(
                    Reason.OTHER_OBJECT,
                    name,
                    "it is of kind " + code + ", asked for was a " + kind.name() + " (kind " + kind.code()
                            + "); use another name");
        }
        int layout = DirectoryDescriptor.objectLayoutPlain(memory, entry);
        if (layout != kind.layout()) {
            throw refuse(
                    Reason.OTHER_LAYOUT,
                    name,
                    "it is a " + kind.name() + " of layout " + layout + ", this library reads " + kind.layout()
                            + "; open it with the version that made it or use another name");
        }
        return new RegionObject(
                name,
                kind,
                DirectoryDescriptor.shapePlain(memory, entry),
                (int) DirectoryDescriptor.offsetPlain(memory, entry),
                (int) DirectoryDescriptor.sizePlain(memory, entry));
    }

    private int findEntry(String name) {
        for (int entry : entries()) {
            if (DirectoryDescriptor.namePlain(memory, entry).equals(name)) {
                return entry;
            }
        }
        return -1;
    }

    private int freeEntry(String name) {
        for (int i = 0; i < header.entries(); i++) {
            if (DirectoryDescriptor.stateAcquire(memory, entry(i)) == DirectoryDescriptor.FREE) {
                return entry(i);
            }
        }
        throw refuse(Reason.FULL, name, "the region has " + header.entries() + " objects already");
    }

    private void checkEntry(int entry) {
        long offset = DirectoryDescriptor.offsetPlain(memory, entry);
        long size = DirectoryDescriptor.sizePlain(memory, entry);
        if (!DirectoryDescriptor.checksumMatches(memory, entry)
                || offset < header.objectsOffset()
                || offset % RegionDescriptor.OBJECT_ALIGNMENT != 0
                || size < 1
                || size > header.size() - offset) {
            throw contradiction(entry);
        }
    }

    private RegionException contradiction(int entry) {
        return refuse(
                Reason.CORRUPT,
                DirectoryDescriptor.namePlain(memory, entry),
                "its directory entry at " + entry + " contradicts itself; delete the region");
    }

    private void zero(RegionObject object) {
        byte[] zeros = new byte[4096];
        for (int at = 0; at < object.bytes(); at += zeros.length) {
            memory.put(object.offset() + at, zeros, 0, Math.min(zeros.length, object.bytes() - at));
        }
    }

    private int entry(int index) {
        return header.directoryOffset() + index * DirectoryDescriptor.BYTES;
    }

    private RegionException refuse(Reason reason, String name, String what) {
        return new RegionException(reason, "cannot open object '" + name + "' in region " + path + ": " + what);
    }
}
