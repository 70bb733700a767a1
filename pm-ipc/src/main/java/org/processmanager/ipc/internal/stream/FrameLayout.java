package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Layout of a frame, version 1: a message or a fragment of one. Offsets in bytes, native order. A frame is written by one
 * call of at most PIPE_BUF bytes, which the kernel accepts as a whole or not at all; with the small messages of a batch, such a
 * call writes several frames.
 *
 * <pre>
 *     0 +------------+-----------+---------+-------------------+
 *       | magic    4 | version 1 | flags 1 | payload bytes   2 |
 *     8 +------------+-----------+---------+-------------------+
 *       | sender id: random, 5 to 2^62 - 1; its locked byte  8 |
 *    16 +------------------------+-----------------------------+
 *       | message sequence     4 | message length            4 |
 *    24 +------------------------+-----------------------------+
 *       | fragment offset      4 | CRC32C of the 28 before   4 |
 *    32 +------------------------+-----------------------------+
 *       | payload                                    0 to 4064 |
 *       +------------------------------------------------------+
 * </pre>
 *
 * <p>BEGIN is set if the fragment offset is 0, END if the payload reaches the end of the message.
 */
public final class FrameLayout {
    public static final int HEADER_BYTES = 32;
    /** PIPE_BUF of Linux. */
    public static final int MAX_FRAME_BYTES = 4096;

    public static final int MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - HEADER_BYTES;

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
    private static final int FRAGMENT_OFFSET = 24;
    private static final int CRC = 28;

    private FrameLayout() {}

    /** Returns how many frames a message takes. */
    public static int framesOf(int messageBytes) {
        return messageBytes <= MAX_PAYLOAD_BYTES ? 1 : (messageBytes - 1) / MAX_PAYLOAD_BYTES + 1;
    }

    static void writeHeader(
            ByteBuffer frame,
            int at,
            CRC32C crc,
            long sender,
            int sequence,
            int messageBytes,
            int fragmentOffset,
            int payloadBytes) {
        int flags = (fragmentOffset == 0 ? BEGIN : 0) | (fragmentOffset + payloadBytes == messageBytes ? END : 0);
        frame.putInt(at + MAGIC, MAGIC_VALUE);
        frame.put(at + VERSION, VERSION_VALUE);
        frame.put(at + FLAGS, (byte) flags);
        frame.putShort(at + PAYLOAD_BYTES, (short) payloadBytes);
        frame.putLong(at + SENDER, sender);
        frame.putInt(at + SEQUENCE, sequence);
        frame.putInt(at + MESSAGE_BYTES, messageBytes);
        frame.putInt(at + FRAGMENT_OFFSET, fragmentOffset);
        frame.putInt(at + CRC, checksum(frame, at, crc));
    }

    /** Returns whether there is a consistent header; 32 bytes must be readable. */
    static boolean isHeader(ByteBuffer stream, int at, CRC32C crc) {
        if (stream.getInt(at + MAGIC) != MAGIC_VALUE
                || stream.get(at + VERSION) != VERSION_VALUE
                || stream.getInt(at + CRC) != checksum(stream, at, crc)) {
            return false;
        }
        int length = messageBytes(stream, at);
        int fragmentOffset = fragmentOffset(stream, at);
        int payload = payloadBytes(stream, at);
        return payload <= MAX_PAYLOAD_BYTES
                && sender(stream, at) > 0
                && length >= 0
                && fragmentOffset >= 0
                && fragmentOffset <= length - payload
                && isBegin(stream, at) == (fragmentOffset == 0)
                && isEnd(stream, at) == (fragmentOffset + payload == length)
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

    static int fragmentOffset(ByteBuffer stream, int at) {
        return stream.getInt(at + FRAGMENT_OFFSET);
    }

    static boolean isBegin(ByteBuffer stream, int at) {
        return (stream.get(at + FLAGS) & BEGIN) != 0;
    }

    static boolean isEnd(ByteBuffer stream, int at) {
        return (stream.get(at + FLAGS) & END) != 0;
    }

    /** Changes position and limit of the buffer, which no other code uses. */
    private static int checksum(ByteBuffer buffer, int at, CRC32C crc) {
        crc.reset();
        buffer.limit(at + CRC).position(at);
        crc.update(buffer);
        buffer.clear();
        return (int) crc.getValue();
    }
}
