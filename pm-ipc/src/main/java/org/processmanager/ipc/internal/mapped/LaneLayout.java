package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;

/**
 * Layout of a lane, version 2: a ring buffer of records from one writer to one reader. Offsets in bytes, native order,
 * records at multiples of 8.
 *
 * <pre>
 *     0 +-----------------+-----------------+
 *       | length        4 | type          4 |   one word; 0 until the record is committed
 *     8 +-----------------+-----------------+
 *       | payload, up to 7 bytes unused     |
 *       +-----------------------------------+
 *       | header of the next record         |   zeroed before this record is committed
 *       +-----------------------------------+
 * </pre>
 *
 * <p>A message longer than a record can be is stored in consecutive fragments, between which there can be padding. It is
 * complete with the fragment that reaches its end; fragments without that, or without the first one, are those of a message
 * whose sender gave up or died. The payload of a fragment:
 *
 * <pre>
 *     0 +-----------------+-----------------+
 *       | message bytes 4 | offset        4 |   of the fragment in the message
 *     8 +-----------------+-----------------+
 *       | bytes of the message              |
 *       +-----------------------------------+
 * </pre>
 *
 * <p>A record never wraps: if it does not fit before the end of the lane, padding fills the rest, and the record starts at 0.
 * Positions count bytes from the first one ever written; the offset in the lane is the position modulo the capacity, which is a
 * power of two. Eight bytes stay free for the zero behind the last record.
 *
 * <p>The in-band commit follows Agrona's ring buffers (Thompson); there is no shared tail.
 */
final class LaneLayout {
    static final int HEADER_BYTES = 8;
    static final int ALIGNMENT = 8;
    static final int MIN_CAPACITY = 64;
    static final int MAX_CAPACITY = 1 << 30;

    /** A message. */
    static final int MESSAGE = 1;
    /** Unused bytes up to the end of the lane. */
    static final int PADDING = 2;
    /** A part of a message that is longer than a record can be. */
    static final int FRAGMENT = 3;

    /** The header of a fragment's record, and what precedes its bytes. */
    static final int FRAGMENT_HEADER_BYTES = 16;

    private static final int FRAGMENT_MESSAGE_BYTES = 8;
    private static final int FRAGMENT_OFFSET = 12;

    private static final int TYPE_SHIFT = 32;

    private LaneLayout() {}

    /** Returns the longest message that an empty lane accepts at every offset, even behind padding of nearly its own length. */
    static int maxMessageBytes(int capacity) {
        return capacity / 2 - HEADER_BYTES;
    }

    /** Returns the longest message that an empty lane can hold as a whole, in fragments. */
    static int maxWholeBytes(int capacity) {
        return capacity - HEADER_BYTES - fragmentsBytes(0);
    }

    /** Returns the room that is enough for this part of a message in two fragments, with padding before or between them. */
    static int fragmentsBytes(int bytes) {
        return bytes + 2 * FRAGMENT_HEADER_BYTES + ALIGNMENT;
    }

    static int recordBytes(int length) {
        return (HEADER_BYTES + length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static long header(int type, int length) {
        return (long) type << TYPE_SHIFT | length;
    }

    static long message(int length) {
        return header(MESSAGE, length);
    }

    static int type(long header) {
        return (int) (header >>> TYPE_SHIFT);
    }

    static int length(long header) {
        return (int) header;
    }

    /** Writes what precedes the bytes of a fragment, whose record is at an offset of the memory. */
    static void putFragment(ByteBuffer memory, int at, int messageBytes, int offset) {
        memory.putInt(at + FRAGMENT_MESSAGE_BYTES, messageBytes);
        memory.putInt(at + FRAGMENT_OFFSET, offset);
    }

    static int fragmentMessageBytes(ByteBuffer memory, int at) {
        return memory.getInt(at + FRAGMENT_MESSAGE_BYTES);
    }

    static int fragmentOffset(ByteBuffer memory, int at) {
        return memory.getInt(at + FRAGMENT_OFFSET);
    }

    /**
     * Returns the number of bytes of a record.
     *
     * @param header the header as it was read, not 0
     * @param index the offset of the record in the lane
     * @return the bytes; 0 if no writer can have written this header there
     */
    static int checkedRecordBytes(long header, int index, int capacity) {
        int length = length(header);
        int toEnd = capacity - index;
        if (type(header) == MESSAGE) {
            return length >= 0 && length <= maxMessageBytes(capacity) && recordBytes(length) <= toEnd
                    ? recordBytes(length)
                    : 0;
        }
        if (type(header) == FRAGMENT) {
            return length > FRAGMENT_HEADER_BYTES - HEADER_BYTES && length <= toEnd - HEADER_BYTES
                    ? recordBytes(length)
                    : 0;
        }
        return type(header) == PADDING && length == toEnd - HEADER_BYTES && index != 0 ? toEnd : 0;
    }
}
