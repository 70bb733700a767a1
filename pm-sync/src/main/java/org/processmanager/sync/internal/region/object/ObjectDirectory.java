package org.processmanager.sync.internal.region.object;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.BootId;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;
import org.processmanager.sync.internal.region.layout.Names;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;

/**
 * The named objects of a region.
 *
 * <p>Reading takes no lock: an entry is valid from the moment its state is published, which is the last step. The position of
 * the next object is derived from the others, so a killed creator leaves nothing behind; its memory is zeroed and reused.
 *
 * <p>Removing is a single store. Threads of other handles may still be using the object, so its entry and its memory are kept
 * until every participant that was present at the removal has left. Therefore removals are numbered, and each participant
 * records how many there were when it joined. A removal is counted after it is visible: a participant that has it counted
 * cannot find the object, while one that joins in between only delays the reuse. If a remover is killed before it counts, the
 * next process that has the lock counts for it.
 *
 * <p>Crash points: {@code object.zeroed}, {@code object.initialized}, {@code object.described}, {@code object.published},
 * {@code object.removed} (not counted), {@code object.counted}, {@code object.reclaimed}.
 */
public final class ObjectDirectory {
    /** Writes the initial content of a new object, which is zero, before it is published. */
    @FunctionalInterface
    public interface Initializer {
        /** Called under the creation lock; must not block or use other objects. */
        void initialize(ByteBuffer region, int offset);
    }

    private static final Comparator<long[]> BY_START = new Comparator<>() {
        @Override
        public int compare(long[] one, long[] other) {
            return Long.compare(one[0], other[0]);
        }
    };

    private final Path path;
    private final ByteBuffer memory;
    private final RegionHeader header;

    public ObjectDirectory(Path path, ByteBuffer memory, RegionHeader header) {
        this.path = path;
        this.memory = memory;
        this.header = header;
    }

    /** Returns the object of that name, which must have that type and layout; null if there is none. */
    public @Nullable RegionObject find(String name, ObjectType type) {
        Names.check(name);
        int entry = findEntry(name);
        return entry < 0 ? null : read(entry, name, type);
    }

    /** Returns the object of that name, which must also have that shape and length; null if there is none. */
    @Nullable
    public RegionObject findExactly(String name, ObjectType type, int[] shape, long bytes) {
        Names.check(name);
        int entry = findEntry(name);
        if (entry < 0) {
            return null;
        }
        RegionObject found = read(entry, name, type);
        int[] wanted = Arrays.copyOf(shape, DirectoryLayout.DIMENSIONS);
        if (!Arrays.equals(found.shape(), wanted)) {
            throw refuse(
                    Reason.TYPE_MISMATCH,
                    name,
                    "it is a " + type.describe(found.shape()) + ", asked for was a " + type.describe(wanted)
                            + "; use the same numbers or another name");
        }
        if (found.bytes() != bytes) {
            throw refuse(
                    Reason.INCOMPATIBLE_LAYOUT, name, "it has " + found.bytes() + " bytes (expected: " + bytes + ")");
        }
        return found;
    }

    /**
     * Creates an object; the caller holds the creation lock and has checked that the name is free.
     *
     * @param initializer writes its initial content; null leaves it zero
     * @param isAbsent whether no live participant has a slot
     */
    public RegionObject create(
            String name,
            ObjectType type,
            int[] shape,
            long bytes,
            @Nullable Initializer initializer,
            IntPredicate isAbsent) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: > 0)");
        }
        reclaim(isAbsent);
        int entry = freeEntry(name);
        long offset = freeRange(name, bytes);
        RegionObject object = new RegionObject(name, type, shape, (int) offset, (int) bytes);
        prepare(object);
        CrashPoint.reach("object.zeroed");
        if (initializer != null) {
            initializer.initialize(memory, object.offset());
        }
        CrashPoint.reach("object.initialized");
        DirectoryLayout.writePlain(
                memory, entry, type.code(), type.layout(), name, object.shape(), object.offset(), object.bytes());
        CrashPoint.reach("object.described");
        DirectoryLayout.stateRelease(memory, entry, DirectoryLayout.PRESENT);
        CrashPoint.reach("object.published");
        return object;
    }

    /** Returns all published objects. */
    public List<RegionObject> objects() {
        List<RegionObject> objects = new ArrayList<>();
        for (int entry : entries()) {
            objects.add(objectAt(entry));
        }
        return objects;
    }

    /** Returns the published object of an entry. */
    public RegionObject objectAt(int entry) {
        checkEntry(entry);
        return new RegionObject(
                DirectoryLayout.namePlain(memory, entry),
                ObjectHandler.type(DirectoryLayout.typePlain(memory, entry)),
                DirectoryLayout.shapePlain(memory, entry),
                (int) DirectoryLayout.offsetPlain(memory, entry),
                (int) DirectoryLayout.sizePlain(memory, entry));
    }

    /** Removes an object; the caller holds the creation lock. False if there is none. */
    public boolean remove(String name) {
        Names.check(name);
        int entry = findEntry(name);
        if (entry < 0) {
            return false;
        }
        countRemovals();
        int number = RegionLayout.removalsVolatile(memory) + 1;
        if (number <= 0) {
            throw refuse(Reason.FULL, name, "2^31 - 1 objects were removed from the region; use another region");
        }
        DirectoryLayout.stateRelease(memory, entry, DirectoryLayout.REMOVED | number);
        CrashPoint.reach("object.removed");
        RegionLayout.removalsVolatile(memory, number);
        VarHandle.fullFence(); // pairs with the fence in Participants
        CrashPoint.reach("object.counted");
        return true;
    }

    /** Counts removals whose process was killed before it counted them. */
    private void countRemovals() {
        for (int entry : entries(false)) {
            int number = DirectoryLayout.removal(DirectoryLayout.stateAcquire(memory, entry));
            if (number > RegionLayout.removalsVolatile(memory)) {
                RegionLayout.removalsVolatile(memory, number);
            }
        }
    }

    /** Frees the entries of removed objects that can no longer be in use. */
    private void reclaim(IntPredicate isAbsent) {
        countRemovals();
        for (int entry : entries(false)) {
            int number = DirectoryLayout.removal(DirectoryLayout.stateAcquire(memory, entry));
            if (!mayBeInUse(number, isAbsent)) {
                DirectoryLayout.stateRelease(memory, entry, DirectoryLayout.FREE);
                CrashPoint.reach("object.reclaimed");
            }
        }
    }

    /** Returns whether a participant is still present that was present at that removal. */
    private boolean mayBeInUse(int removal, IntPredicate isAbsent) {
        for (int slot = 1; slot <= header.slots(); slot++) {
            if (SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE || isAbsent.test(slot)) {
                continue;
            }
            // A participant that is still joining shows the number of the slot's previous user, which is too small.
            if (SlotLayout.removalsSeenPlain(memory, slot) < removal) {
                return true;
            }
        }
        return false;
    }

    /** Returns the offsets of all published entries. */
    public List<Integer> entries() {
        return entries(true);
    }

    /** Returns the offsets of all published entries, or of all removed ones that are not free again. */
    private List<Integer> entries(boolean present) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < header.entries(); i++) {
            int entry = entry(i);
            int state = DirectoryLayout.stateAcquire(memory, entry);
            if (state == DirectoryLayout.FREE) {
                continue;
            }
            int removal = DirectoryLayout.removal(state);
            if (state != DirectoryLayout.PRESENT
                    && (removal == 0 || removal - 1 > RegionLayout.removalsVolatile(memory))) {
                throw contradiction(entry);
            }
            if (present == (removal == 0)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** Returns the first free range that is large enough. */
    private long freeRange(String name, long bytes) {
        long end = Math.min(header.size(), memory.capacity());
        long offset = header.objectsOffset();
        long largest = 0;
        for (long[] taken : takenRanges()) {
            if (bytes <= taken[0] - offset) {
                return offset;
            }
            largest = Math.max(largest, taken[0] - offset);
            offset = Math.max(offset, taken[1]);
        }
        if (bytes <= end - offset) {
            return offset;
        }
        throw refuse(
                Reason.FULL,
                name,
                "it needs " + bytes + " bytes and " + Math.max(largest, end - offset) + " of " + header.size()
                        + " are free in one piece" + removedInUse() + "; make the region larger");
    }

    private String removedInUse() {
        int count = entries(false).size();
        return count == 0 ? "" : ", and " + count + " removed objects may still be in use by older handles";
    }

    /** Returns the start and the end (exclusive) of each range in use, in order. */
    private List<long[]> takenRanges() {
        List<Integer> all = new ArrayList<>(entries(true));
        all.addAll(entries(false));
        List<long[]> ranges = new ArrayList<>();
        for (int entry : all) {
            checkEntry(entry);
            long offset = DirectoryLayout.offsetPlain(memory, entry);
            long end = offset + DirectoryLayout.sizePlain(memory, entry);
            ranges.add(new long[] {offset, RegionLayout.align(end, RegionLayout.OBJECT_ALIGNMENT)});
        }
        ranges.sort(BY_START);
        return ranges;
    }

    /** Returns how many bytes are free for more objects, in one piece or in several. */
    public long freeBytes(IntPredicate isAbsent) {
        long taken = 0;
        List<Integer> all = new ArrayList<>(entries(true));
        for (int entry : entries(false)) {
            int number = DirectoryLayout.removal(DirectoryLayout.stateAcquire(memory, entry));
            if (mayBeInUse(number, isAbsent)) {
                all.add(entry);
            }
        }
        for (int entry : all) {
            checkEntry(entry);
            taken += RegionLayout.align(DirectoryLayout.sizePlain(memory, entry), RegionLayout.OBJECT_ALIGNMENT);
        }
        return header.size() - header.objectsOffset() - taken;
    }

    /** Returns the entry of the published object at an offset; -1 if there is none. */
    public int entryAt(int offset) {
        for (int entry : entries()) {
            if (DirectoryLayout.offsetPlain(memory, entry) == offset) {
                return entry;
            }
        }
        return -1;
    }

    private RegionObject read(int entry, String name, ObjectType type) {
        checkEntry(entry);
        int code = DirectoryLayout.typePlain(memory, entry);
        if (code != type.code()) {
            throw refuse(
                    Reason.TYPE_MISMATCH,
                    name,
                    "it is a " + ObjectHandler.type(code).name() + ", asked for was a " + type.name()
                            + "; use another name");
        }
        int layout = DirectoryLayout.objectLayoutPlain(memory, entry);
        if (layout != type.layout()) {
            throw refuse(
                    Reason.INCOMPATIBLE_LAYOUT,
                    name,
                    "it is a " + type.name() + " of layout " + layout + ", this library reads " + type.layout()
                            + "; open it with the version that made it or use another name");
        }
        return new RegionObject(
                name,
                type,
                DirectoryLayout.shapePlain(memory, entry),
                (int) DirectoryLayout.offsetPlain(memory, entry),
                (int) DirectoryLayout.sizePlain(memory, entry));
    }

    private int findEntry(String name) {
        for (int entry : entries()) {
            if (DirectoryLayout.namePlain(memory, entry).equals(name)) {
                return entry;
            }
        }
        return -1;
    }

    private int freeEntry(String name) {
        for (int i = 0; i < header.entries(); i++) {
            if (DirectoryLayout.stateAcquire(memory, entry(i)) == DirectoryLayout.FREE) {
                return entry(i);
            }
        }
        throw refuse(
                Reason.FULL,
                name,
                "the region has " + header.entries() + " objects already" + removedInUse()
                        + "; remove unused objects or use another region");
    }

    private void checkEntry(int entry) {
        long offset = DirectoryLayout.offsetPlain(memory, entry);
        long size = DirectoryLayout.sizePlain(memory, entry);
        if (!DirectoryLayout.checksumMatches(memory, entry)
                || offset < header.objectsOffset()
                || offset % RegionLayout.OBJECT_ALIGNMENT != 0
                || size < 1
                || size > header.size() - offset) {
            throw contradiction(entry);
        }
    }

    private RegionException contradiction(int entry) {
        return refuse(
                Reason.CORRUPT,
                DirectoryLayout.namePlain(memory, entry),
                "its directory entry at " + entry + " contradicts itself; delete the region");
    }

    /**
     * Makes the memory of an object zero. What was never used is zero from the creation of the file, and writing it would
     * take seconds for a large object; but after a reboot a disk may have an old mark.
     */
    private void prepare(RegionObject object) {
        long start = object.offset();
        long end = start + object.bytes();
        long used = header.bootId().equals(BootId.uuid()) ? RegionLayout.usedVolatile(memory) : end;
        if (end > used) {
            RegionLayout.usedVolatile(
                    memory, end); // before the object is written, since this process may be killed then
        }
        byte[] zeros = new byte[4096];
        long to = Math.min(end, used);
        for (long at = start; at < to; at += zeros.length) {
            memory.put((int) at, zeros, 0, (int) Math.min(zeros.length, to - at));
        }
    }

    private int entry(int index) {
        return header.directoryOffset() + index * DirectoryLayout.BYTES;
    }

    private RegionException refuse(Reason reason, String name, String what) {
        return new RegionException(reason, "cannot open object '" + name + "' in region " + path + ": " + what);
    }
}
