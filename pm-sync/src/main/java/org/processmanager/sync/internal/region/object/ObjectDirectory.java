package org.processmanager.sync.internal.region.object;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
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
 * <p>Reading takes no lock: an entry counts from the moment its state is published, last of all. Where the next object goes
 * is derived from the others, so a creator that is killed leaves nothing, and its room is zeroed and used again.
 *
 * <p>Removing is one store too. Threads of other handles may be in the middle of using the object, and nobody can ask them;
 * its entry and its room stay therefore as they are until every participant is gone that was there at the removal, which is
 * why removals are numbered and each participant knows how many there were before it. A removal is counted after it is
 * visible: who has it counted cannot find the object any more, while one that joins between the two may be asked for without
 * need. What a killed remover did not count, the next one does that has the lock.
 *
 * <p>Crash points: {@code object.zeroed}, {@code object.initialized}, {@code object.described}, {@code object.published},
 * {@code object.removed} (not counted), {@code object.counted}, {@code object.reclaimed}.
 */
public final class ObjectDirectory {
    /** Writes the first content of a new object, which is zero, before anybody can see it. */
    @FunctionalInterface
    public interface Initializer {
        /** Called under the creation lock: no waiting, no other objects. */
        void initialize(ByteBuffer region, int offset);
    }

    private final Path path;
    private final ByteBuffer memory;
    private final RegionHeader header;

    public ObjectDirectory(Path path, ByteBuffer memory, RegionHeader header) {
        this.path = path;
        this.memory = memory;
        this.header = header;
    }

    /** The object of that name, if it is of that kind and layout; checked is nothing else. */
    public Optional<RegionObject> find(String name, ObjectType kind) {
        Names.check(name);
        int entry = findEntry(name);
        return entry < 0 ? Optional.empty() : Optional.of(read(entry, name, kind));
    }

    /** The object of that name, which must be as described if it is there. */
    @Nullable
    public RegionObject findExactly(String name, ObjectType kind, int[] shape, long bytes) {
        Names.check(name);
        int entry = findEntry(name);
        if (entry < 0) {
            return null;
        }
        RegionObject found = read(entry, name, kind);
        int[] wanted = Arrays.copyOf(shape, ObjectType.DIMENSIONS);
        if (!Arrays.equals(found.shape(), wanted)) {
            throw refuse(
                    Reason.TYPE_MISMATCH,
                    name,
                    "it is a " + kind.describe(found.shape()) + ", asked for was a " + kind.describe(wanted)
                            + "; use the same numbers or another name");
        }
        if (found.bytes() != bytes) {
            throw refuse(
                    Reason.INCOMPATIBLE_LAYOUT, name, "it has " + found.bytes() + " bytes (expected: " + bytes + ")");
        }
        return found;
    }

    /**
     * Makes an object; the caller holds the creation lock and has seen that the name is free.
     *
     * @param isGone whether the participant of a slot can do nothing any more
     */
    public RegionObject create(
            String name, ObjectType kind, int[] shape, long bytes, Initializer initializer, IntPredicate isGone) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: > 0)");
        }
        reclaim(isGone);
        int entry = freeEntry(name);
        long offset = freeRoom(name, bytes);
        RegionObject object = new RegionObject(name, kind, shape, (int) offset, (int) bytes);
        zero(object);
        CrashPoint.reach("object.zeroed");
        initializer.initialize(memory, object.offset());
        CrashPoint.reach("object.initialized");
        DirectoryLayout.writePlain(memory, entry, object);
        CrashPoint.reach("object.described");
        DirectoryLayout.stateRelease(memory, entry, DirectoryLayout.PRESENT);
        CrashPoint.reach("object.published");
        return object;
    }

    /** All published objects. */
    public List<RegionObject> objects() {
        List<RegionObject> objects = new ArrayList<>();
        for (int entry : entries()) {
            objects.add(objectAt(entry));
        }
        return objects;
    }

    /** The published object of an entry. */
    public RegionObject objectAt(int entry) {
        checkEntry(entry);
        return new RegionObject(
                DirectoryLayout.namePlain(memory, entry),
                ObjectHandler.kind(DirectoryLayout.kindPlain(memory, entry)),
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
            throw refuse(Reason.FULL, name, "2^31 - 1 objects were removed from the region; make another one");
        }
        DirectoryLayout.stateRelease(memory, entry, DirectoryLayout.REMOVED | number);
        CrashPoint.reach("object.removed");
        RegionLayout.removalsVolatile(memory, number);
        VarHandle.fullFence(); // the other half of that in Participants
        CrashPoint.reach("object.counted");
        return true;
    }

    /** Counts a removal that somebody was killed at. */
    private void countRemovals() {
        for (int entry : entries(false)) {
            int number = DirectoryLayout.removal(DirectoryLayout.stateAcquire(memory, entry));
            if (number > RegionLayout.removalsVolatile(memory)) {
                RegionLayout.removalsVolatile(memory, number);
            }
        }
    }

    /** Frees the entries of removed objects that nobody can be using any more. */
    private void reclaim(IntPredicate isGone) {
        countRemovals();
        for (int entry : entries(false)) {
            int number = DirectoryLayout.removal(DirectoryLayout.stateAcquire(memory, entry));
            if (!mayBeInUse(number, isGone)) {
                DirectoryLayout.stateRelease(memory, entry, DirectoryLayout.FREE);
                CrashPoint.reach("object.reclaimed");
            }
        }
    }

    /** Whether a participant is there still that was there at that removal. */
    private boolean mayBeInUse(int removal, IntPredicate isGone) {
        for (int slot = 1; slot <= header.slots(); slot++) {
            if (SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE || isGone.test(slot)) {
                continue;
            }
            // Of who is joining the number is that of the slot's last user, if anything too small.
            if (SlotLayout.removalsSeenPlain(memory, slot) < removal) {
                return true;
            }
        }
        return false;
    }

    /** Offsets of all published entries. */
    public List<Integer> entries() {
        return entries(true);
    }

    /** Offsets of all published entries, or of all removed ones that are not free again. */
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

    /** The first room that is large enough. */
    private long freeRoom(String name, long bytes) {
        long end = Math.min(header.size(), memory.capacity());
        long offset = header.objectsOffset();
        long largest = 0;
        for (long[] taken : takenRooms()) {
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
        return count == 0 ? "" : ", and " + count + " removed objects may be in use by handles older than that";
    }

    /** First byte and the byte after the last of each room that is taken, in order. */
    private List<long[]> takenRooms() {
        List<Integer> all = new ArrayList<>(entries(true));
        all.addAll(entries(false));
        List<long[]> rooms = new ArrayList<>();
        for (int entry : all) {
            checkEntry(entry);
            long offset = DirectoryLayout.offsetPlain(memory, entry);
            long end = offset + DirectoryLayout.sizePlain(memory, entry);
            rooms.add(new long[] {offset, RegionLayout.align(end, RegionLayout.OBJECT_ALIGNMENT)});
        }
        rooms.sort(Comparator.comparingLong(room -> room[0]));
        return rooms;
    }

    /** How many bytes are free for more objects, in one piece or in several. */
    public long freeBytes(IntPredicate isGone) {
        long taken = 0;
        List<Integer> all = new ArrayList<>(entries(true));
        for (int entry : entries(false)) {
            int number = DirectoryLayout.removal(DirectoryLayout.stateAcquire(memory, entry));
            if (mayBeInUse(number, isGone)) {
                all.add(entry);
            }
        }
        for (int entry : all) {
            checkEntry(entry);
            taken += RegionLayout.align(DirectoryLayout.sizePlain(memory, entry), RegionLayout.OBJECT_ALIGNMENT);
        }
        return header.size() - header.objectsOffset() - taken;
    }

    /** The entry of an object that is there, by its place; -1 if it is not there any more. */
    public int entryAt(int offset) {
        for (int entry : entries()) {
            if (DirectoryLayout.offsetPlain(memory, entry) == offset) {
                return entry;
            }
        }
        return -1;
    }

    private RegionObject read(int entry, String name, ObjectType kind) {
        checkEntry(entry);
        int code = DirectoryLayout.kindPlain(memory, entry);
        if (code != kind.code()) {
            throw refuse(
                    Reason.TYPE_MISMATCH,
                    name,
                    "it is a " + ObjectHandler.kind(code).name() + ", asked for was a " + kind.name()
                            + "; use another name");
        }
        int layout = DirectoryLayout.objectLayoutPlain(memory, entry);
        if (layout != kind.layout()) {
            throw refuse(
                    Reason.INCOMPATIBLE_LAYOUT,
                    name,
                    "it is a " + kind.name() + " of layout " + layout + ", this library reads " + kind.layout()
                            + "; open it with the version that made it or use another name");
        }
        return new RegionObject(
                name,
                kind,
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
                        + "; remove what is not needed, or make another region");
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

    private void zero(RegionObject object) {
        byte[] zeros = new byte[4096];
        for (int at = 0; at < object.bytes(); at += zeros.length) {
            memory.put(object.offset() + at, zeros, 0, Math.min(zeros.length, object.bytes() - at));
        }
    }

    private int entry(int index) {
        return header.directoryOffset() + index * DirectoryLayout.BYTES;
    }

    private RegionException refuse(Reason reason, String name, String what) {
        return new RegionException(reason, "cannot open object '" + name + "' in region " + path + ": " + what);
    }
}
