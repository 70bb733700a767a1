package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.processmanager.core.internal.util.BootId;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * The immutable part of a region's header, written once and checked before a file is mapped.
 *
 * @param size of the whole file
 * @param id of this region, unique to each creation
 * @param bootId of the boot of the machine in which it was created
 * @param slots how many participant slots it has
 * @param entries how many directory entries it has
 * @param created time of creation
 * @param creatorPid process id of its creator; informational
 */
public record RegionHeader(long size, UUID id, UUID bootId, int slots, int entries, Instant created, long creatorPid) {
    /** Returns the header of a new region. */
    public static RegionHeader create(long size) {
        return new RegionHeader(
                size,
                RandomId.next(),
                BootId.uuid(),
                RegionLayout.DEFAULT_SLOTS,
                RegionLayout.DEFAULT_ENTRIES,
                Instant.now(),
                ProcessHandle.current().pid());
    }

    public int directoryOffset() {
        return RegionLayout.directoryOffset(slots);
    }

    public int waitsOffset() {
        return RegionLayout.waitsOffset(slots, entries);
    }

    public int objectsOffset() {
        return RegionLayout.objectsOffset(slots, entries);
    }

    /** Returns the first page of the file. */
    public byte[] encode() {
        ByteBuffer page = ByteBuffer.allocate(RegionLayout.HEADER_BYTES).order(ByteOrder.nativeOrder());
        page.put(RegionLayout.MAGIC, RegionLayout.magic());
        page.putInt(RegionLayout.BYTE_ORDER, RegionLayout.ORDER_MARK);
        page.putShort(RegionLayout.MAJOR, (short) RegionLayout.MAJOR_VERSION);
        page.putShort(RegionLayout.MINOR, (short) RegionLayout.MINOR_VERSION);
        page.putLong(RegionLayout.LAYOUT_HASH, RegionLayout.HASH);
        page.putLong(RegionLayout.SIZE, size);
        putUuid(page, RegionLayout.ID, id);
        putUuid(page, RegionLayout.BOOT_ID, bootId);
        page.putInt(RegionLayout.SLOTS_OFFSET, RegionLayout.HEADER_BYTES);
        page.putInt(RegionLayout.SLOT_COUNT, slots);
        page.putInt(RegionLayout.DIRECTORY_OFFSET, directoryOffset());
        page.putInt(RegionLayout.ENTRY_COUNT, entries);
        page.putInt(RegionLayout.OBJECTS_OFFSET, objectsOffset());
        page.putLong(RegionLayout.CREATED_MILLIS, created.toEpochMilli());
        page.putLong(RegionLayout.CREATOR_PID, creatorPid);
        page.putInt(RegionLayout.CRC, checksum(page.array()));
        page.putLong(RegionLayout.REMOVALS, RegionLayout.withComplement(0));
        page.putLong(RegionLayout.USED, RegionLayout.withComplement(0));
        return page.array();
    }

    /**
     * Reads a header and checks everything in it.
     *
     * @param path for messages
     * @param bytes the first page, or the whole of a shorter file
     * @param fileSize according to the file system
     * @throws RegionException if this is no region that can be opened, with the reason and the values
     */
    public static RegionHeader decode(Path path, byte[] bytes, long fileSize) {
        byte[] magic = RegionLayout.magic();
        if (bytes.length < magic.length || !Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length)) {
            throw refuse(
                    path,
                    Reason.NOT_A_REGION,
                    "it is not a region of this library (" + fileSize + " bytes); use another name");
        }
        if (bytes.length < RegionLayout.HEADER_BYTES) {
            throw refuse(path, Reason.CORRUPT, "it ends within the header, after " + fileSize + " bytes; delete it");
        }
        ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        checkLayout(path, page);
        int stored = page.getInt(RegionLayout.CRC);
        int computed = checksum(bytes);
        if (stored != computed) {
            throw corrupt(path, String.format("its header has checksum %08x and content %08x", stored, computed));
        }
        checkFlags(path, page);
        RegionHeader header = new RegionHeader(
                page.getLong(RegionLayout.SIZE),
                uuid(page, RegionLayout.ID),
                uuid(page, RegionLayout.BOOT_ID),
                page.getInt(RegionLayout.SLOT_COUNT),
                page.getInt(RegionLayout.ENTRY_COUNT),
                Instant.ofEpochMilli(page.getLong(RegionLayout.CREATED_MILLIS)),
                page.getLong(RegionLayout.CREATOR_PID));
        header.checkTables(path, page, fileSize);
        return header;
    }

    private static void checkLayout(Path path, ByteBuffer page) {
        int order = page.getInt(RegionLayout.BYTE_ORDER);
        if (order == Integer.reverseBytes(RegionLayout.ORDER_MARK)) {
            throw refuse(
                    path,
                    Reason.INCOMPATIBLE_LAYOUT,
                    "it was written with the other byte order (expected: " + ByteOrder.nativeOrder()
                            + "); open it on such a machine or delete it");
        }
        if (order != RegionLayout.ORDER_MARK) {
            throw corrupt(path, String.format("its byte order mark is %08x", order));
        }
        int major = page.getShort(RegionLayout.MAJOR) & 0xffff;
        int minor = page.getShort(RegionLayout.MINOR) & 0xffff;
        long hash = page.getLong(RegionLayout.LAYOUT_HASH);
        if (major != RegionLayout.MAJOR_VERSION || minor != RegionLayout.MINOR_VERSION || hash != RegionLayout.HASH) {
            throw refuse(
                    path,
                    Reason.INCOMPATIBLE_LAYOUT,
                    String.format(
                            "layout %d.%d (hash %016x), this library reads %d.%d (hash %016x);"
                                    + " open it with the version that made it or delete it",
                            major,
                            minor,
                            hash,
                            RegionLayout.MAJOR_VERSION,
                            RegionLayout.MINOR_VERSION,
                            RegionLayout.HASH));
        }
    }

    private static void checkFlags(Path path, ByteBuffer page) {
        int flags = page.getInt(RegionLayout.FLAGS);
        if ((flags & ~RegionLayout.KNOWN_FLAGS) != 0) {
            throw corrupt(path, String.format("its flags are %08x", flags));
        }
        long removals = page.getLong(RegionLayout.REMOVALS);
        if (!RegionLayout.hasComplement(removals)) {
            throw corrupt(path, String.format("its count of removals is %016x", removals));
        }
        long used = page.getLong(RegionLayout.USED);
        if (!RegionLayout.hasComplement(used)) {
            throw corrupt(path, String.format("its mark of used memory is %016x", used));
        }
        checkZero(path, page, RegionLayout.FLAGS + Integer.BYTES, RegionLayout.REMOVALS);
        checkZero(path, page, RegionLayout.USED + Long.BYTES, RegionLayout.HEADER_BYTES);
        throwIfClosedForAll(path, flags);
    }

    private static void checkZero(Path path, ByteBuffer page, int from, int to) {
        for (int i = from; i < to; i++) {
            if (page.get(i) != 0) {
                throw corrupt(path, "byte " + i + " of its header is " + page.get(i) + " (expected: 0)");
            }
        }
    }

    /** Refuses a region that was deleted or poisoned. */
    public static void throwIfClosedForAll(Path path, int flags) {
        if ((flags & RegionLayout.DELETED) != 0) {
            throw refuse(path, Reason.DELETED, "it was deleted");
        }
        if ((flags & RegionLayout.POISONED) != 0) {
            throw refuse(path, Reason.POISONED, "its content was found damaged; delete it");
        }
    }

    private void checkTables(Path path, ByteBuffer page, long fileSize) {
        if (slots < 1
                || slots > SlotLayout.LARGEST_SLOT
                || entries < 1
                || entries > RegionLayout.LARGEST_ENTRY_COUNT
                || page.getInt(RegionLayout.SLOTS_OFFSET) != RegionLayout.HEADER_BYTES
                || page.getInt(RegionLayout.DIRECTORY_OFFSET) != directoryOffset()
                || page.getInt(RegionLayout.OBJECTS_OFFSET) != objectsOffset()
                || size < objectsOffset()
                || size > RegionLayout.LARGEST_BYTES) {
            throw corrupt(
                    path,
                    "its tables (" + slots + " slots, " + entries + " entries, " + size
                            + " bytes) do not fit together");
        }
        if (size != fileSize) {
            throw corrupt(path, "its header says " + size + " bytes and the file has " + fileSize);
        }
    }

    private static RegionException corrupt(Path path, String what) {
        return refuse(path, Reason.CORRUPT, what + "; delete it");
    }

    private static RegionException refuse(Path path, Reason reason, String what) {
        return new RegionException(reason, "cannot open region " + path + ": " + what);
    }

    private static int checksum(byte[] page) {
        CRC32C crc = new CRC32C();
        crc.update(page, 0, RegionLayout.IMMUTABLE_BYTES);
        return (int) crc.getValue();
    }

    private static void putUuid(ByteBuffer page, int offset, UUID uuid) {
        page.putLong(offset, uuid.getMostSignificantBits());
        page.putLong(offset + Long.BYTES, uuid.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer page, int offset) {
        return new UUID(page.getLong(offset), page.getLong(offset + Long.BYTES));
    }
}
