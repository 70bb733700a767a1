package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Layout of a directory entry, in native byte order. Everything but the state is written before the state becomes PRESENT, and
 * rewritten only when the entry is FREE.
 *
 * <pre>
 *     0 +-------------+-------------+-------------------------+
 *       | state     4 | type      4 | offset                8 |
 *    16 | bytes                   8 | shape         3 x 4 = 12
 *    36 ----------------------------| object layout         4 |
 *    40 | CRC32C    4 | name length 4 | name, ASCII        80 |
 *   128 +-----------------------------------------------------+
 * </pre>
 *
 * <p>The checksum covers everything but the state and itself. The state of a removed object is the number of its removal,
 * with the highest bit set: one store both removes and dates it.
 */
public final class DirectoryLayout {
    public static final int BYTES = 128;

    /** How many numbers a shape has room for. */
    public static final int DIMENSIONS = 3;

    static final int STATE = 0;
    static final int TYPE = 4;
    static final int OFFSET = 8;
    static final int SIZE = 16;
    static final int SHAPE = 24;
    static final int OBJECT_LAYOUT = 36;
    static final int CRC = 40;
    static final int NAME_LENGTH = 44;
    static final int NAME = 48;
    static final int NAME_BYTES = BYTES - NAME;

    public static final int FREE = 0;
    /** Differs from FREE in more than one bit. */
    public static final int PRESENT = 0x656e7472;
    /** Flag of a removed object, whose memory may still be in use; the other bits are the number of its removal. */
    public static final int REMOVED = 1 << 31;

    static final long HASH = LayoutHash.of(
            BYTES,
            STATE,
            TYPE,
            OFFSET,
            SIZE,
            SHAPE,
            OBJECT_LAYOUT,
            CRC,
            NAME_LENGTH,
            NAME,
            DIMENSIONS,
            PRESENT,
            REMOVED);

    private DirectoryLayout() {}

    public static int stateAcquire(ByteBuffer region, int entry) {
        return Words.intAcquire(region, entry + STATE);
    }

    public static boolean isPresentOpaque(ByteBuffer region, int entry) {
        return Words.intOpaque(region, entry + STATE) == PRESENT;
    }

    public static boolean isPresent(ByteBuffer region, int entry) {
        return stateAcquire(region, entry) == PRESENT;
    }

    /** Returns the number of the removal in a state; 0 if the object was not removed. */
    public static int removal(int state) {
        return state < 0 ? state & ~REMOVED : 0;
    }

    /** Publishes an entry that {@link #writePlain} wrote, or removes it. */
    public static void stateRelease(ByteBuffer region, int entry, int state) {
        Words.putIntRelease(region, entry + STATE, state);
    }

    /** Writes everything but the state. */
    public static void writePlain(
            ByteBuffer region, int entry, int type, int layout, String name, int[] shape, long offset, long size) {
        Words.putIntPlain(region, entry + TYPE, type);
        Words.putLongPlain(region, entry + OFFSET, offset);
        Words.putLongPlain(region, entry + SIZE, size);
        for (int i = 0; i < DIMENSIONS; i++) {
            Words.putIntPlain(region, entry + SHAPE + i * Integer.BYTES, shape[i]);
        }
        Words.putIntPlain(region, entry + OBJECT_LAYOUT, layout);
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        Words.putIntPlain(region, entry + NAME_LENGTH, bytes.length);
        region.put(entry + NAME, Arrays.copyOf(bytes, NAME_BYTES));
        Words.putIntPlain(region, entry + CRC, checksum(region, entry));
    }

    public static int typePlain(ByteBuffer region, int entry) {
        return Words.intPlain(region, entry + TYPE);
    }

    public static long offsetPlain(ByteBuffer region, int entry) {
        return Words.longPlain(region, entry + OFFSET);
    }

    public static long sizePlain(ByteBuffer region, int entry) {
        return Words.longPlain(region, entry + SIZE);
    }

    public static int[] shapePlain(ByteBuffer region, int entry) {
        int[] shape = new int[DIMENSIONS];
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
        crc.update(bytes, TYPE, CRC - TYPE);
        crc.update(bytes, NAME_LENGTH, BYTES - NAME_LENGTH);
        return (int) crc.getValue();
    }
}
