package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Layout of a participant slot. Offsets in bytes, native order. Slots are numbered from 1: a word that names slot 0 names none.
 *
 * <pre>
 *     0 +--------------+------------+-------------------------+
 *       | generation 4 | state    4 | pid                   8 |  informational from here
 *    16 | start ticks of the pid  8 | joined, ms            8 |
 *    32 | unlisted: 4 x (threads 4, offset of object 4)   32 |
 *    64 | name length 4 | removals seen 4 | name          56 |
 *   128 +-----------------------------------------------------+
 * </pre>
 *
 * <p>Removals seen: how many objects had been removed when the participant joined; it cannot have used those. The name is
 * UTF-8.
 *
 * <p>Unlisted: waiting threads that have no wait record, since none was free. They are counted here and not in the objects, where
 * the counts of killed processes would remain.
 *
 * <p>Words of objects have 13 bits for the slot and the low 16 bits of its generation.
 */
public final class SlotLayout {
    /** The largest slot number that fits into a word. */
    public static final int LARGEST_SLOT = (1 << 13) - 1;

    static final int BYTES = 128;
    static final int GENERATION = 0;
    static final int STATE = 4;
    static final int PID = 8;
    static final int START_TICKS = 16;
    static final int JOINED_MILLIS = 24;
    static final int UNLISTED = 32;
    static final int UNLISTED_COUNT = 4;
    static final int NAME_LENGTH = 64;
    static final int REMOVALS_SEEN = 68;
    static final int NAME = 72;
    public static final int NAME_BYTES = BYTES - NAME;

    static final long HASH = LayoutHash.of(
            BYTES,
            GENERATION,
            STATE,
            PID,
            START_TICKS,
            JOINED_MILLIS,
            UNLISTED,
            UNLISTED_COUNT,
            NAME_LENGTH,
            REMOVALS_SEEN,
            NAME,
            LARGEST_SLOT);

    public static final int FREE = 0;
    public static final int CLAIMING = 1;
    public static final int LIVE = 2;
    public static final int LEAVING = 3;
    public static final int DEAD = 4;

    private SlotLayout() {}

    /** Returns the offset of a slot. */
    public static int offset(int slot) {
        return RegionLayout.HEADER_BYTES + (slot - 1) * BYTES;
    }

    public static int generationAcquire(ByteBuffer region, int slot) {
        return Words.intAcquire(region, offset(slot) + GENERATION);
    }

    public static void generationRelease(ByteBuffer region, int slot, int generation) {
        Words.putIntRelease(region, offset(slot) + GENERATION, generation);
    }

    public static int stateAcquire(ByteBuffer region, int slot) {
        return Words.intAcquire(region, offset(slot) + STATE);
    }

    public static void stateRelease(ByteBuffer region, int slot, int state) {
        Words.putIntRelease(region, offset(slot) + STATE, state);
    }

    public static void describePlain(
            ByteBuffer region, int slot, long pid, long startTicks, long joinedMillis, String name) {
        int at = offset(slot);
        for (int i = 0; i < UNLISTED_COUNT; i++) {
            Words.putLongPlain(region, at + UNLISTED + i * Long.BYTES, 0);
        }
        Words.putLongPlain(region, at + PID, pid);
        Words.putLongPlain(region, at + START_TICKS, startTicks);
        Words.putLongPlain(region, at + JOINED_MILLIS, joinedMillis);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, NAME_BYTES);
        Words.putIntPlain(region, at + NAME_LENGTH, length);
        region.put(at + NAME, Arrays.copyOf(bytes, NAME_BYTES));
    }

    public static void removalsSeenPlain(ByteBuffer region, int slot, int removals) {
        Words.putIntPlain(region, offset(slot) + REMOVALS_SEEN, removals);
    }

    public static int removalsSeenPlain(ByteBuffer region, int slot) {
        return Words.intPlain(region, offset(slot) + REMOVALS_SEEN);
    }

    /** Adds to the number of unlisted threads that wait for an object; beyond four objects they are not counted. */
    public static void addUnlisted(ByteBuffer region, int slot, int object, int change) {
        for (int i = 0; i < UNLISTED_COUNT; i++) {
            int at = offset(slot) + UNLISTED + i * Long.BYTES;
            long wait = Words.longVolatile(region, at);
            while (wait == 0 ? change > 0 : (int) wait == object) {
                long threads = (wait >>> Integer.SIZE) + change;
                if (Words.casLong(region, at, wait, threads <= 0 ? 0 : threads << Integer.SIZE | object)) {
                    return;
                }
                wait = Words.longVolatile(region, at);
            }
        }
    }

    /** Returns how many unlisted threads of a participant wait for an object. */
    public static int unlisted(ByteBuffer region, int slot, int object) {
        int threads = 0;
        for (int i = 0; i < UNLISTED_COUNT; i++) {
            long wait = Words.longOpaque(region, offset(slot) + UNLISTED + i * Long.BYTES);
            threads += (int) wait == object ? (int) (wait >>> Integer.SIZE) : 0;
        }
        return threads;
    }

    public static long pidPlain(ByteBuffer region, int slot) {
        return Words.longPlain(region, offset(slot) + PID);
    }

    public static long startTicksPlain(ByteBuffer region, int slot) {
        return Words.longPlain(region, offset(slot) + START_TICKS);
    }

    public static long joinedMillisPlain(ByteBuffer region, int slot) {
        return Words.longPlain(region, offset(slot) + JOINED_MILLIS);
    }

    public static String namePlain(ByteBuffer region, int slot) {
        int length = Words.intPlain(region, offset(slot) + NAME_LENGTH);
        byte[] bytes = new byte[Math.max(0, Math.min(length, NAME_BYTES))];
        region.get(offset(slot) + NAME, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
