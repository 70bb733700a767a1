package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.processmanager.core.internal.posix.Files;

/**
 * Layout of a frame, version 1: a message, or a piece of one. Offsets in bytes, native order. A frame goes into the pipe by
 * one write of at most PIPE_BUF bytes, which the kernel takes as a whole or not at all.
 *
 * <pre>
 *     0 +------------+-----------+---------+-------------------+
 *       | magic    4 | version 1 | flags 1 | payload bytes   2 |
 *     8 +------------+-----------+---------+-------------------+
 *       | sender: random, above 0; the byte that it locks    8 |
 *    16 +------------------------+-----------------------------+
 *       | number of message    4 | length of message         4 |
 *    24 +------------------------+-----------------------------+
 *       | payload's place in it 4| CRC32C of the 28 before   4 |
 *    32 +------------------------+-----------------------------+
 *       | payload                                    0 to 4064 |
 *       +------------------------------------------------------+
 * </pre>
 *
 * <p>BEGIN is set where the place is 0, END where the payload reaches the message's length.
 */
final class FrameLayout {
    static final int HEADER_BYTES = 32;
    static final int MAX_FRAME_BYTES = Files.PIPE_BUF;
    static final int MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - HEADER_BYTES;

    static final int BEGIN = 1;
    static final int END = 2;

    private static final int MAGIC_VALUE = 0x504d4631; // PMF1
    private static final byte VERSION_VALUE = 1;

    private static final int MAGIC = 0;
    private static final int VERSION = 4;
    private static final int FLAGS = 5;
    private static final int PAYLOAD_BYTES = 6;
    private static final int SENDER = 8;
    private static final int SEQUENCE = 16;
    private static final int MESSAGE_BYTES = 20;
    private static final int PLACE = 24;
    private static final int CRC = 28;

    private FrameLayout() {}

    static void writeHeader(
            ByteBuffer frame, CRC32C crc, long sender, int sequence, int messageBytes, int place, int payloadBytes) {
        int flags = (place == 0 ? BEGIN : 0) | (place + payloadBytes == messageBytes ? END : 0);
        frame.putInt(MAGIC, MAGIC_VALUE);
        frame.put(VERSION, VERSION_VALUE);
        frame.put(FLAGS, (byte) flags);
        frame.putShort(PAYLOAD_BYTES, (short) payloadBytes);
        frame.putLong(SENDER, sender);
        frame.putInt(SEQUENCE, sequence);
        frame.putInt(MESSAGE_BYTES, messageBytes);
        frame.putInt(PLACE, place);
        frame.putInt(CRC, checksum(frame, 0, crc));
    }

    /** Whether a header that contradicts itself in nothing stands there; 32 bytes must be readable. */
    static boolean isHeader(ByteBuffer stream, int at, CRC32C crc) {
        if (stream.getInt(at + MAGIC) != MAGIC_VALUE
                || stream.get(at + VERSION) != VERSION_VALUE
                || stream.getInt(at + CRC) != checksum(stream, at, crc)) {
            return false;
        }
        int length = messageBytes(stream, at);
        int place = place(stream, at);
        int payload = payloadBytes(stream, at);
        return payload <= MAX_PAYLOAD_BYTES
                && sender(stream, at) > 0
                && length >= 0
                && place >= 0
                && place <= length - payload
                && isBegin(stream, at) == (place == 0)
                && isEnd(stream, at) == (place + payload == length)
                && (payload > 0 || length == 0);
    }

    static int payloadBytes(ByteBuffer stream, int at) {
        return stream.getShort(at + PAYLOAD_BYTES) & 0xffff;
    }

    static long sender(ByteBuffer stream, int at) {
        return stream.getLong(at + SENDER);
    }

    static int sequence(ByteBuffer stream, int at) {
        return stream.getInt(at + SEQUENCE);
    }

    static int messageBytes(ByteBuffer stream, int at) {
        return stream.getInt(at + MESSAGE_BYTES);
    }

    static int place(ByteBuffer stream, int at) {
        return stream.getInt(at + PLACE);
    }

    static boolean isBegin(ByteBuffer stream, int at) {
        return (stream.get(at + FLAGS) & BEGIN) != 0;
    }

    static boolean isEnd(ByteBuffer stream, int at) {
        return (stream.get(at + FLAGS) & END) != 0;
    }

    /** Moves the position and limit of the buffer, which nobody else reads. */
    private static int checksum(ByteBuffer buffer, int at, CRC32C crc) {
        crc.reset();
        buffer.limit(at + CRC).position(at);
        crc.update(buffer);
        buffer.clear();
        return (int) crc.getValue();
    }
}
