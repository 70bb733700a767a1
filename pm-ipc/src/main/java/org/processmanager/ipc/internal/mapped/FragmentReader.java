package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Gathers the fragments of a message. If the message is not complete, what was gathered can be taken from the lane and is
 * continued later, so that a message can be longer than the lane. Fragments that do not continue it, or begin none, are those of
 * a message that was given up: they are skipped. Not thread-safe.
 *
 * <p>The array grows with the bytes that were received, not with the announced length.
 */
final class FragmentReader {
    private static final byte[] NONE = {};

    private final LaneCursor lane;
    private final int longestMessage;

    private byte[] bytes = NONE;
    /** The length of the message that was begun; 0 if there is none. */
    private int messageBytes;
    /** How many bytes of it were gathered, and how many of those are no longer in the lane. */
    private int gathered;

    private int taken;

    FragmentReader(LaneCursor lane, int longestMessage) {
        this.lane = lane;
        this.longestMessage = longestMessage;
    }

    /**
     * Gathers fragments until the message is complete or something else follows. Can be called again for the same fragments, if
     * they are not {@linkplain #taken() taken}.
     *
     * @param from the position of a fragment
     * @return the position behind the last one
     * @throws org.processmanager.ipc.ChannelCorruptException if the content of the lane is inconsistent
     */
    long gather(long from) {
        gathered = taken;
        long next = from;
        for (long header = lane.headerAcquire(next); header != 0; header = lane.headerAcquire(next)) {
            int type = LaneLayout.type(header);
            if (type == LaneLayout.MESSAGE) {
                break;
            }
            long behind = lane.positionBehind(next, header);
            if (type == LaneLayout.FRAGMENT) {
                add(next, LaneLayout.length(header));
            }
            next = behind;
            if (isComplete()) {
                break;
            }
        }
        return next;
    }

    private void add(long at, int recordLength) {
        int start = lane.lane + lane.index(at);
        int length = recordLength + LaneLayout.HEADER_BYTES - LaneLayout.FRAGMENT_HEADER_BYTES;
        int total = LaneLayout.fragmentMessageBytes(lane.memory, start);
        int offset = LaneLayout.fragmentOffset(lane.memory, start);
        if (total <= 0 || total > longestMessage || offset < 0 || offset > total - length) {
            throw lane.damaged(
                    at,
                    "a fragment of " + length + " bytes at offset " + offset + " of a message of " + total
                            + " bytes is impossible there");
        }
        if (offset == 0) {
            messageBytes = total;
            gathered = 0;
            taken = 0;
        }
        if (total != messageBytes || offset != gathered) {
            discard();
            return;
        }
        int needed = gathered + length;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(total, Math.max(needed, 2L * bytes.length)));
        }
        lane.memory.get(start + LaneLayout.FRAGMENT_HEADER_BYTES, bytes, gathered, length);
        gathered = needed;
    }

    /** Notes that what was gathered is no longer in the lane. A complete message ends with that. */
    void taken() {
        if (isComplete()) {
            discard();
        }
        taken = gathered;
    }

    private void discard() {
        bytes = NONE;
        messageBytes = 0;
        gathered = 0;
        taken = 0;
    }

    boolean isComplete() {
        return messageBytes > 0 && gathered == messageBytes;
    }

    /** Returns the bytes of the message, in a read-only buffer in big-endian order. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, gathered).asReadOnlyBuffer();
    }

    int length() {
        return messageBytes;
    }
}
