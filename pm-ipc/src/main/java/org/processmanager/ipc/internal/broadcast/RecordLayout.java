package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * Layout of a record of a broadcast channel. Offsets in bytes, native order, records at multiples of 8.
 *
 * <pre>
 *     0 +-----------------+-----------------+
 *       | length        4 | type          4 |   1 message, 2 padding up to the end of the lane
 *     8 +-----------------+-----------------+
 *       | number of the message, from 0   8 |   not in padding
 *    16 +-----------------------------------+
 *       | payload, up to 7 bytes unused     |
 *       +-----------------------------------+
 * </pre>
 *
 * <p>A record never wraps: if it does not fit before the end of the lane, padding fills the rest, and the record starts at 0.
 */
final class RecordLayout {
    static final int HEADER_BYTES = 16;
    static final int ALIGNMENT = 8;

    static final int MESSAGE = 1;
    static final int PADDING = 2;

    private static final int TYPE_SHIFT = 32;
    private static final int NUMBER = 8;

    private RecordLayout() {}

    /**
     * Returns the longest message. With a quarter of the capacity, a receiver that was overtaken finds messages that are not
     * being overwritten, even behind the longest padding, message and batch.
     */
    static int maxMessageBytes(int capacity) {
        return capacity / 4 - HEADER_BYTES;
    }

    static int recordBytes(int length) {
        return (HEADER_BYTES + length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static int type(long header) {
        return (int) (header >>> TYPE_SHIFT);
    }

    static int length(long header) {
        return (int) header;
    }

    static long header(ByteBuffer memory, int at) {
        return Words.longPlain(memory, at);
    }

    static long number(ByteBuffer memory, int at) {
        return Words.longPlain(memory, at + NUMBER);
    }

    static void putMessage(ByteBuffer memory, int at, int length, long number) {
        Words.putLongPlain(memory, at, (long) MESSAGE << TYPE_SHIFT | length);
        Words.putLongPlain(memory, at + NUMBER, number);
    }

    static void putPadding(ByteBuffer memory, int at, int bytes) {
        Words.putLongPlain(memory, at, (long) PADDING << TYPE_SHIFT | bytes - Long.BYTES);
    }

    /**
     * Returns the number of bytes of a record.
     *
     * @param header the header as it was read
     * @param index the offset of the record in the lane
     * @return the bytes; 0 if no sender can have written this header there
     */
    static int checkedRecordBytes(long header, int index, int capacity) {
        int length = length(header);
        int toEnd = capacity - index;
        if (type(header) == MESSAGE) {
            return length >= 0 && length <= maxMessageBytes(capacity) && recordBytes(length) <= toEnd
                    ? recordBytes(length)
                    : 0;
        }
        return type(header) == PADDING && length == toEnd - Long.BYTES && index != 0 ? toEnd : 0;
    }
}
