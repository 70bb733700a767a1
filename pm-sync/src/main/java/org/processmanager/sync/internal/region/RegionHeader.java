package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * The immutable part of a region's header as values, written once and checked before a file is mapped.
 *
 * @param size of the whole file
 * @param id of this region, new with each creation
 * @param bootId of the kernel under which it was created
 * @param slots how many participant slots it has
 * @param entries how many directory entries it has
 * @param created when
 * @param creatorPid by whom, for people
 */
record RegionHeader(long size, UUID id, UUID bootId, int slots, int entries, Instant created, long creatorPid) {
    /** The header of a new region. */
    static RegionHeader create(long size) {
        return new RegionHeader(
                size,
                UUID.randomUUID(),
                BootId.current(),
                RegionDescriptor.DEFAULT_SLOTS,
                RegionDescriptor.DEFAULT_ENTRIES,
                Instant.now(),
                ProcessHandle.current().pid());
    }

    int directoryOffset() {
        return RegionDescriptor.directoryOffset(slots);
    }

    int objectsOffset() {
        return RegionDescriptor.objectsOffset(slots, entries);
    }

    /** The first page of the file. */
    byte[] encode() {
        ByteBuffer page = ByteBuffer.allocate(RegionDescriptor.HEADER_BYTES).order(ByteOrder.nativeOrder());
        page.put(RegionDescriptor.MAGIC, RegionDescriptor.magic());
        page.putInt(RegionDescriptor.BYTE_ORDER, RegionDescriptor.ORDER_MARK);
        page.putShort(RegionDescriptor.MAJOR, (short) RegionDescriptor.MAJOR_VERSION);
        page.putShort(RegionDescriptor.MINOR, (short) RegionDescriptor.MINOR_VERSION);
        page.putLong(RegionDescriptor.LAYOUT_HASH, RegionDescriptor.HASH);
        page.putLong(RegionDescriptor.SIZE, size);
        putUuid(page, RegionDescriptor.ID, id);
        putUuid(page, RegionDescriptor.BOOT_ID, bootId);
        page.putInt(RegionDescriptor.SLOTS_OFFSET, RegionDescriptor.HEADER_BYTES);
        page.putInt(RegionDescriptor.SLOT_COUNT, slots);
        page.putInt(RegionDescriptor.DIRECTORY_OFFSET, directoryOffset());
        page.putInt(RegionDescriptor.ENTRY_COUNT, entries);
        page.putInt(RegionDescriptor.OBJECTS_OFFSET, objectsOffset());
        page.putLong(RegionDescriptor.CREATED_MILLIS, created.toEpochMilli());
        page.putLong(RegionDescriptor.CREATOR_PID, creatorPid);
        page.putInt(RegionDescriptor.CRC, checksum(page.array()));
        page.putLong(RegionDescriptor.REMOVALS, RegionDescriptor.removalsWord(0));
        return page.array();
    }

    /**
     * Reads a header and checks everything in it.
     *
     * @param path for messages
     * @param bytes the first page, or all of a shorter file
     * @param fileSize what the file system says
     * @throws RegionException if this is no region that can be opened here, saying why with the values
     */
    static RegionHeader decode(Path path, byte[] bytes, long fileSize) {
        byte[] magic = RegionDescriptor.magic();
        if (bytes.length < magic.length || !Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length)) {
            throw refuse(
                    path,
                    Reason.NOT_A_REGION,
                    "it is no region of this library, " + fileSize + " bytes of something else; use another name");
        }
        if (bytes.length < RegionDescriptor.HEADER_BYTES) {
            throw refuse(path, Reason.CORRUPT, "it ends after " + fileSize + " bytes, within the header; delete it");
        }
        ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        checkLayout(path, page);
        int stored = page.getInt(RegionDescriptor.CRC);
        int computed = checksum(bytes);
        if (stored != computed) {
            throw corrupt(path, String.format("its header has checksum %08x and content %08x", stored, computed));
        }
        checkFlags(path, page);
        RegionHeader header = new RegionHeader(
                page.getLong(RegionDescriptor.SIZE),
                uuid(page, RegionDescriptor.ID),
                uuid(page, RegionDescriptor.BOOT_ID),
                page.getInt(RegionDescriptor.SLOT_COUNT),
                page.getInt(RegionDescriptor.ENTRY_COUNT),
                Instant.ofEpochMilli(page.getLong(RegionDescriptor.CREATED_MILLIS)),
                page.getLong(RegionDescriptor.CREATOR_PID));
        header.checkTables(path, page, fileSize);
        return header;
    }

    private static void checkLayout(Path path, ByteBuffer page) {
        int order = page.getInt(RegionDescriptor.BYTE_ORDER);
        if (order == Integer.reverseBytes(RegionDescriptor.ORDER_MARK)) {
            throw refuse(
                    path,
                    Reason.OTHER_LAYOUT,
                    "it was written by a machine with the other byte order, this one is " + ByteOrder.nativeOrder()
                            + "; open it there or delete it");
        }
        if (order != RegionDescriptor.ORDER_MARK) {
            throw corrupt(path, String.format("its byte order mark is %08x", order));
        }
        int major = page.getShort(RegionDescriptor.MAJOR) & 0xffff;
        int minor = page.getShort(RegionDescriptor.MINOR) & 0xffff;
        long hash = page.getLong(RegionDescriptor.LAYOUT_HASH);
        if (major != RegionDescriptor.MAJOR_VERSION
                || minor != RegionDescriptor.MINOR_VERSION
                || hash != RegionDescriptor.HASH) {
            throw refuse(
                    path,
                    Reason.OTHER_LAYOUT,
                    String.format(
                            "layout %d.%d (hash %016x), this library reads %d.%d (hash %016x);"
                                    + " open it with the version that made it or delete it",
                            major,
                            minor,
                            hash,
                            RegionDescriptor.MAJOR_VERSION,
                            RegionDescriptor.MINOR_VERSION,
                            RegionDescriptor.HASH));
        }
    }

    private static void checkFlags(Path path, ByteBuffer page) {
        int flags = page.getInt(RegionDescriptor.FLAGS);
        if ((flags & ~RegionDescriptor.KNOWN_FLAGS) != 0) {
            throw corrupt(path, String.format("its flags are %08x", flags));
        }
        long removals = page.getLong(RegionDescriptor.REMOVALS);
        if (removals != RegionDescriptor.removalsWord((int) removals & Integer.MAX_VALUE)) {
            throw corrupt(path, String.format("its count of removals is %016x", removals));
        }
        for (int i = RegionDescriptor.FLAGS + Integer.BYTES; i < RegionDescriptor.HEADER_BYTES; i++) {
            if (page.get(i) != 0 && i / Long.BYTES != RegionDescriptor.REMOVALS / Long.BYTES) {
                throw corrupt(path, "byte " + i + " of its header is " + page.get(i) + " (expected: 0)");
            }
        }
        throwIfClosedForAll(path, flags);
    }

    /** Refuses a region that was deleted or poisoned. */
    static void throwIfClosedForAll(Path path, int flags) {
        if ((flags & RegionDescriptor.RETIRED) != 0) {
            throw refuse(path, Reason.RETIRED, "it was deleted");
        }
        if ((flags & RegionDescriptor.POISONED) != 0) {
            throw refuse(path, Reason.POISONED, "its content was found damaged and it was closed for all; delete it");
        }
    }

    private void checkTables(Path path, ByteBuffer page, long fileSize) {
        if (slots < 1
                || slots > SlotDescriptor.LARGEST_SLOT
                || entries < 1
                || entries > RegionDescriptor.LARGEST_ENTRY_COUNT
                || page.getInt(RegionDescriptor.SLOTS_OFFSET) != RegionDescriptor.HEADER_BYTES
                || page.getInt(RegionDescriptor.DIRECTORY_OFFSET) != directoryOffset()
                || page.getInt(RegionDescriptor.OBJECTS_OFFSET) != objectsOffset()
                || size < objectsOffset()
                || size > RegionDescriptor.LARGEST_BYTES) {
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
        crc.update(page, 0, RegionDescriptor.IMMUTABLE_BYTES);
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
