package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Layout of a region, version 1.4. Offsets in bytes, native order.
 *
 * <pre>
 *       0 +------------------------------+---------------+-------+-------+
 *         | magic "PMREGION"           8 | byte order  4 | maj 2 | min 2 |  never move
 *      16 | layout hash                8 | size                        8 |
 *      32 | id (UUID)                                                 16 |
 *      48 | boot id (UUID)                                            16 |
 *      64 | slots at    4 | slot count 4 | directory at 4 | entries    4 |
 *      80 | objects at  4 | 0          4 | created, ms since 1970     8 |
 *      96 | pid of the creator         8 | 0                         20 |
 *     124 | CRC32C of the 124 bytes before                            4 |
 *     128 +--------------------------------------------------------------+  mutable from here
 *         | flags 4 | 0          4 | removals 4 | its complement     4 |
 *     144 | used    4 | its complement     4 | 0                      3944 |
 *    4096 +--------------------------------------------------------------+
 *         | participant slots, 128 bytes each ({@link SlotLayout})   |
 *         +--------------------------------------------------------------+
 *         | directory entries, 128 bytes each ({@link DirectoryLayout}) |
 *         +--------------------------------------------------------------+
 *         | wait records, as many as slots, 64 bytes each ({@link WaitLayout}) |
 *         +--------------------------------------------------------------+
 *         | objects, each at a multiple of 128                           |
 *         +--------------------------------------------------------------+
 * </pre>
 *
 * <p>Used: how many multiples of 128 from the start of the file may have been part of an object; the others are still zero.
 *
 * <p>The bytes shown as 0 must be 0: a layout that uses them has another hash.
 */
public final class RegionLayout {
    public static final int MAJOR_VERSION = 1;
    public static final int MINOR_VERSION = 4;

    public static final int MAGIC = 0;
    public static final int BYTE_ORDER = 8;
    public static final int MAJOR = 12;
    public static final int MINOR = 14;
    public static final int LAYOUT_HASH = 16;
    static final int SIZE = 24;
    static final int ID = 32;
    static final int BOOT_ID = 48;
    public static final int SLOTS_OFFSET = 64;
    public static final int SLOT_COUNT = 68;
    public static final int DIRECTORY_OFFSET = 72;
    public static final int ENTRY_COUNT = 76;
    public static final int OBJECTS_OFFSET = 80;
    static final int CREATED_MILLIS = 88;
    static final int CREATOR_PID = 96;
    public static final int CRC = 124;
    public static final int FLAGS = 128;
    /** How many objects were removed. */
    static final int REMOVALS = 136;
    /** How much of the file may differ from zero. */
    static final int USED = 144;

    /** Bytes of the header that the checksum covers. */
    public static final int IMMUTABLE_BYTES = CRC;

    public static final int HEADER_BYTES = 4096;

    /** Alignment of objects: two cache lines, since processors fetch them in pairs. */
    public static final int OBJECT_ALIGNMENT = 128;

    public static final int DEFAULT_SLOTS = 256;
    static final int DEFAULT_ENTRIES = 256;
    static final int LARGEST_ENTRY_COUNT = 65_536;

    /** The largest region: what a {@link ByteBuffer} can address. */
    public static final long LARGEST_BYTES = 1L << 31;

    /** The region was deleted: no new handles. */
    public static final int DELETED = 1;
    /** The content was found damaged: no new handles. */
    public static final int POISONED = 1 << 1;
    /** A participant has joined that can neither sleep in the kernel nor wake sleepers: all slices are short. */
    public static final int POLLERS = 1 << 2;

    /** Flags of a region that nothing may use any longer. */
    public static final int CLOSED_FOR_ALL = DELETED | POISONED;

    static final int KNOWN_FLAGS = CLOSED_FOR_ALL | POLLERS;

    public static final int ORDER_MARK = 0x01020304;

    public static final long HASH = LayoutHash.of(
            MAGIC,
            BYTE_ORDER,
            MAJOR,
            MINOR,
            LAYOUT_HASH,
            SIZE,
            ID,
            BOOT_ID,
            SLOTS_OFFSET,
            SLOT_COUNT,
            DIRECTORY_OFFSET,
            ENTRY_COUNT,
            OBJECTS_OFFSET,
            CREATED_MILLIS,
            CREATOR_PID,
            CRC,
            FLAGS,
            REMOVALS,
            USED,
            HEADER_BYTES,
            OBJECT_ALIGNMENT,
            (int) SlotLayout.HASH,
            (int) DirectoryLayout.HASH,
            (int) WaitLayout.HASH);

    private RegionLayout() {}

    static byte[] magic() {
        return "PMREGION".getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the size of a region with room for objects of that total size, each rounded up to the alignment. */
    public static long sizeFor(long objectBytes) {
        return align(objectsOffset(DEFAULT_SLOTS, DEFAULT_ENTRIES) + objectBytes, HEADER_BYTES);
    }

    public static int directoryOffset(int slots) {
        return HEADER_BYTES + slots * SlotLayout.BYTES;
    }

    public static int waitsOffset(int slots, int entries) {
        return directoryOffset(slots) + entries * DirectoryLayout.BYTES;
    }

    public static int objectsOffset(int slots, int entries) {
        return (int) align(waitsOffset(slots, entries) + slots * WaitLayout.BYTES, OBJECT_ALIGNMENT);
    }

    public static long align(long bytes, int multiple) {
        return (bytes + multiple - 1) & -(long) multiple;
    }

    /** Returns the flags without ordering; a caller in a loop needs an acquiring read before. */
    public static int flagsPlain(ByteBuffer region) {
        return region.getInt(FLAGS);
    }

    public static int flagsVolatile(ByteBuffer region) {
        return Words.intVolatile(region, FLAGS);
    }

    public static int removalsVolatile(ByteBuffer region) {
        return (int) Words.longVolatile(region, REMOVALS);
    }

    public static void removalsVolatile(ByteBuffer region, int removals) {
        Words.putLongVolatile(region, REMOVALS, withComplement(removals));
    }

    /** Returns the offset from which no byte was ever part of an object. */
    public static long usedVolatile(ByteBuffer region) {
        return (long) (int) Words.longVolatile(region, USED) * OBJECT_ALIGNMENT;
    }

    /** Sets {@link #usedVolatile(ByteBuffer)}, rounded up, before an object is written there. */
    public static void usedVolatile(ByteBuffer region, long end) {
        Words.putLongVolatile(region, USED, withComplement((int) (align(end, OBJECT_ALIGNMENT) / OBJECT_ALIGNMENT)));
    }

    /** Returns a number that is not negative and, in the upper half, its complement. */
    static long withComplement(int number) {
        return Integer.toUnsignedLong(number) | (long) ~number << Integer.SIZE;
    }

    /** Returns whether {@link #withComplement} made the word. */
    static boolean hasComplement(long word) {
        return word == withComplement((int) word & Integer.MAX_VALUE);
    }

    public static void raiseFlag(ByteBuffer region, int flag) {
        Words.orInt(region, FLAGS, flag);
    }
}
