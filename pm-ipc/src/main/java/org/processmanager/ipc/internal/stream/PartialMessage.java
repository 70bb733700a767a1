package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A message of which some fragments are missing. Its array grows with the bytes received, not with the announced length. */
final class PartialMessage {
    private static final int FIRST_BYTES = FrameLayout.MAX_FRAME_BYTES;
    private static final long NOT_ABANDONED = Long.MAX_VALUE;

    final long sender;
    final int sequence;
    final int messageBytes;
    private byte[] bytes;
    private int filled;
    /** The position behind everything that the sender wrote, if it was found gone. */
    long abandonedAt = NOT_ABANDONED;

    PartialMessage(long sender, int sequence, int messageBytes) {
        this.sender = sender;
        this.sequence = sequence;
        this.messageBytes = messageBytes;
        this.bytes = new byte[Math.min(messageBytes, FIRST_BYTES)];
    }

    /** Returns whether the frame holds the next fragment of this message. */
    boolean continuesWith(ByteBuffer stream, int at) {
        return FrameLayout.sequence(stream, at) == sequence
                && FrameLayout.messageBytes(stream, at) == messageBytes
                && FrameLayout.fragmentOffset(stream, at) == filled;
    }

    /** Returns by how many bytes the array must grow for a fragment of this length. */
    int growthFor(int payloadBytes) {
        return Math.max(0, arrayBytesFor(payloadBytes) - bytes.length);
    }

    void add(ByteBuffer stream, int at, int payloadBytes) {
        if (growthFor(payloadBytes) > 0) {
            bytes = Arrays.copyOf(bytes, arrayBytesFor(payloadBytes));
        }
        stream.get(at + FrameLayout.HEADER_BYTES, bytes, filled, payloadBytes);
        filled += payloadBytes;
    }

    boolean isAbandoned() {
        return abandonedAt != NOT_ABANDONED;
    }

    boolean isComplete() {
        return filled == messageBytes;
    }

    int arrayBytes() {
        return bytes.length;
    }

    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, filled).asReadOnlyBuffer();
    }

    private int arrayBytesFor(int payloadBytes) {
        int needed = filled + payloadBytes;
        return needed <= bytes.length
                ? bytes.length
                : (int) Math.min(messageBytes, Math.max(needed, 2L * bytes.length));
    }
}
