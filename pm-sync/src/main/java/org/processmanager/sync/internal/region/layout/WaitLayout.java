package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Layout of a wait record: one thread that waits for an object. Offsets in bytes, native order.
 *
 * <pre>
 *    0 +---------------+---------------+------------------+-------------+
 *      | participant 4 | version     4 | offset of object 4 | purpose  4 |
 *   16 | thread                      8 | since, ms                    8 |
 *   32 | thread name: UTF-8, filled up with 0                        32 |
 *   64 +----------------------------------------------------------------+
 *
 *   purpose  31          9    8       7         0
 *           +-------------+---------+------------+
 *           | 0           | LIMITED | purpose    |
 *           +-------------+---------+------------+
 * </pre>
 *
 * <p>Participant: 0 if the record is free. The offset is written last, and is 0 before. The version grows with each change, and is
 * odd while the thread tries to get what it waits for: two readings with the same even version saw a thread that had not got it
 * and did not try in between. LIMITED: the thread waits for a limited time.
 *
 * <p>Purposes: 0 ACQUIRE, 1 READ, 2 WRITE, 3 AWAIT_READERS (the writer waits for read holds to be released), 4 READS (does not
 * wait for this object: waits for another one with read holds of this one).
 */
public final class WaitLayout {
    public static final int BYTES = 64;

    public static final int ACQUIRE = 0;
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int AWAIT_READERS = 3;
    public static final int READS = 4;

    private static final int PARTICIPANT = 0;
    private static final int VERSION = 4;
    private static final int OBJECT = 8;
    private static final int PURPOSE = 12;
    private static final int THREAD = 16;
    private static final int SINCE_MILLIS = 24;
    private static final int NAME = 32;
    private static final int NAME_BYTES = BYTES - NAME;

    private static final int PURPOSE_MASK = 0xff;
    private static final int LIMITED = 1 << 8;

    static final long HASH =
            LayoutHash.of(BYTES, PARTICIPANT, VERSION, OBJECT, PURPOSE, THREAD, SINCE_MILLIS, NAME, LIMITED, READS);

    private WaitLayout() {}

    /** Takes a record if it is free. */
    public static boolean claim(ByteBuffer region, int record, int participant) {
        if (Words.intOpaque(region, record + PARTICIPANT) != 0
                || !Words.casInt(region, record + PARTICIPANT, 0, participant)) {
            return false;
        }
        Words.putIntVolatile(region, record + VERSION, (Words.intPlain(region, record + VERSION) | 1) + 1);
        return true;
    }

    /** Fills in a record that was claimed. */
    public static void publish(ByteBuffer region, int record, int object, int purpose, boolean limited, Thread thread) {
        Words.putIntPlain(region, record + PURPOSE, purpose | (limited ? LIMITED : 0));
        Words.putLongPlain(region, record + THREAD, thread.getId());
        Words.putLongPlain(region, record + SINCE_MILLIS, System.currentTimeMillis());
        region.put(record + NAME, nameBytes(thread.getName(), NAME_BYTES));
        Words.putIntRelease(region, record + OBJECT, object);
    }

    /** Changes the version of a record before and after its thread tries to get what it waits for. */
    public static void bumpVersion(ByteBuffer region, int record) {
        Words.putIntVolatile(region, record + VERSION, Words.intPlain(region, record + VERSION) + 1);
    }

    /** Frees the record of a participant. */
    public static void release(ByteBuffer region, int record, int participant) {
        if (Words.intVolatile(region, record + PARTICIPANT) == participant) {
            Words.putIntVolatile(region, record + OBJECT, 0);
            Words.casInt(region, record + PARTICIPANT, participant, 0);
        }
    }

    /** Returns the participant of a record, as words name it; 0 if the record is free. */
    public static int participant(ByteBuffer region, int record) {
        return Words.intAcquire(region, record + PARTICIPANT);
    }

    /** Returns the offset of the object; 0 if the record does not count. */
    public static int object(ByteBuffer region, int record) {
        return Words.intAcquire(region, record + OBJECT);
    }

    /** Returns what a record says; it does not count if it names no object. */
    public static WaitRecord read(ByteBuffer region, int record) {
        int purpose = Words.intPlain(region, record + PURPOSE);
        byte[] name = new byte[NAME_BYTES];
        region.get(record + NAME, name);
        return new WaitRecord(
                record,
                participant(region, record),
                Words.intAcquire(region, record + VERSION),
                object(region, record),
                purpose & PURPOSE_MASK,
                (purpose & LIMITED) != 0,
                Words.longPlain(region, record + THREAD),
                Words.longPlain(region, record + SINCE_MILLIS),
                name(name));
    }

    /** Returns the name of a thread in UTF-8, cut between characters, filled up with 0. */
    public static byte[] nameBytes(String name, int length) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, length);
        while (end > 0 && end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
            end--; // the next byte continues a character
        }
        return Arrays.copyOf(Arrays.copyOf(bytes, end), length);
    }

    /** Returns the name whose bytes {@link #nameBytes} returned. */
    public static String name(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
