package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;

/** A message of which not all pieces have come. The room for it grows with what has come, not with what was announced. */
final class Unfinished {
    private static final int FIRST_BYTES = 64 << 10;

    final long sender;
    final int sequence;
    final int messageBytes;
    private byte[] bytes;
    private int filled;
    /** The sender was seen gone: what is in the pipe is the last of it. */
    boolean orphaned;

    Unfinished(long sender, int sequence, int messageBytes) {
        this.sender = sender;
        this.sequence = sequence;
        this.messageBytes = messageBytes;
        this.bytes = new byte[Math.min(messageBytes, FIRST_BYTES)];
    }

    /** Whether the piece is the next of this message. */
    boolean continuesWith(ByteBuffer stream, int at) {
        return FrameLayout.sequence(stream, at) == sequence
                && FrameLayout.messageBytes(stream, at) == messageBytes
                && FrameLayout.place(stream, at) == filled;
    }

    /** How many more bytes of room a piece of this length needs. */
    int growthFor(int payloadBytes) {
        return Math.max(0, roomFor(payloadBytes) - bytes.length);
    }

    void add(ByteBuffer stream, int at, int payloadBytes) {
        if (growthFor(payloadBytes) > 0) {
            bytes = java.util.Arrays.copyOf(bytes, roomFor(payloadBytes));
        }
        stream.get(at + FrameLayout.HEADER_BYTES, bytes, filled, payloadBytes);
        filled += payloadBytes;
    }

    boolean isComplete() {
        return filled == messageBytes;
    }

    int roomBytes() {
        return bytes.length;
    }

    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, filled).asReadOnlyBuffer();
    }

    private int roomFor(int payloadBytes) {
        int needed = filled + payloadBytes;
        return needed <= bytes.length
                ? bytes.length
                : (int) Math.min(messageBytes, Math.max(needed, 2L * bytes.length));
    }
}
