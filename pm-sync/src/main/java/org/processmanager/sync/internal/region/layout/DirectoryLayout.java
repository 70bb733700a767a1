package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Layout of a directory entry. All but the state is written before the state says PRESENT, and again only when the entry is
 * FREE.
 *
 * <pre>
 *     0 +-------------+-------------+-------------------------+
 *       | state     4 | kind      4 | offset                8 |
 *    16 | bytes                   8 | shape         3 x 4 = 12
 *    36 ----------------------------| object layout         4 |
 *    40 | CRC32C    4 | name length 4 | name, ASCII        80 |
 *   128 +-----------------------------------------------------+
 * </pre>
 *
 * <p>The checksum covers everything but the state and itself. The state of a removed object is the number of its removal,
 * with the highest bit set: one store removes it and says when.
 */
public final class DirectoryLayout {
    public static final int BYTES = 128;
    static final int STATE = 0;
    static final int KIND = 4;
    static final int OFFSET = 8;
    static final int SIZE = 16;
    static final int SHAPE = 24;
    static final int OBJECT_LAYOUT = 36;
    static final int CRC = 40;
    static final int NAME_LENGTH = 44;
    static final int NAME = 48;
    static final int NAME_BYTES = BYTES - NAME;

    public static final int FREE = 0;
    /** More than one bit away from free. */
    public static final int PRESENT = 0x656e7472;
    /** The flag of a removed one, whose room may still be in use; the other bits are the number of its removal. */
    public static final int REMOVED = 1 << 31;

    static final long HASH = LayoutHash.of(
            BYTES,
            STATE,
            KIND,
            OFFSET,
            SIZE,
            SHAPE,
            OBJECT_LAYOUT,
            CRC,
            NAME_LENGTH,
            NAME,
            ObjectType.DIMENSIONS,
            PRESENT,
            REMOVED);

    private DirectoryLayout() {}

    public static int stateAcquire(ByteBuffer region, int entry) {
        return Words.intAcquire(region, entry + STATE);
    }

    public static boolean isPresent(ByteBuffer region, int entry) {
        return stateAcquire(region, entry) == PRESENT;
    }

    /** The number of the removal that a state tells of; 0 if it tells of none. */
    public static int removal(int state) {
        return state < 0 ? state & ~REMOVED : 0;
    }

    /** Publishes an entry that {@link #writePlain} wrote, or takes it back. */
    public static void stateRelease(ByteBuffer region, int entry, int state) {
        Words.putIntRelease(region, entry + STATE, state);
    }

    public static void writePlain(ByteBuffer region, int entry, RegionObject object) {
        ObjectType kind = object.kind();
        Words.putIntPlain(region, entry + KIND, kind.code());
        Words.putLongPlain(region, entry + OFFSET, object.offset());
        Words.putLongPlain(region, entry + SIZE, object.bytes());
        for (int i = 0; i < ObjectType.DIMENSIONS; i++) {
            Words.putIntPlain(region, entry + SHAPE + i * Integer.BYTES, object.dimension(i));
        }
        Words.putIntPlain(region, entry + OBJECT_LAYOUT, kind.layout());
        byte[] name = object.name().getBytes(StandardCharsets.US_ASCII);
        Words.putIntPlain(region, entry + NAME_LENGTH, name.length);
        region.put(entry + NAME, Arrays.copyOf(name, NAME_BYTES));
        Words.putIntPlain(region, entry + CRC, checksum(region, entry));
    }

    public static int kindPlain(ByteBuffer region, int entry) {
        return Words.intPlain(region, entry + KIND);
    }

    public static long offsetPlain(ByteBuffer region, int entry) {
        return Words.longPlain(region, entry + OFFSET);
    }

    public static long sizePlain(ByteBuffer region, int entry) {
        return Words.longPlain(region, entry + SIZE);
    }

    public static int[] shapePlain(ByteBuffer region, int entry) {
        int[] shape = new int[ObjectType.DIMENSIONS];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Words.intPlain(region, entry + SHAPE + i * Integer.BYTES);
        }
        return shape;
    }

    public static int objectLayoutPlain(ByteBuffer region, int entry) {
        return Words.intPlain(region, entry + OBJECT_LAYOUT);
    }

    public static String namePlain(ByteBuffer region, int entry) {
        int length = Words.intPlain(region, entry + NAME_LENGTH);
        byte[] bytes = new byte[Math.max(0, Math.min(length, NAME_BYTES))];
        region.get(entry + NAME, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    public static boolean checksumMatches(ByteBuffer region, int entry) {
        return Words.intPlain(region, entry + CRC) == checksum(region, entry);
    }

    private static int checksum(ByteBuffer region, int entry) {
        CRC32C crc = new CRC32C();
        byte[] bytes = new byte[BYTES];
        region.get(entry, bytes);
        crc.update(bytes, KIND, CRC - KIND);
        crc.update(bytes, NAME_LENGTH, BYTES - NAME_LENGTH);
        return (int) crc.getValue();
    }
}
