package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.internal.HotWords;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The cursor of a lane's writer or reader. The fields that change have cache lines of their own, because both ends in one JVM
 * would otherwise slow each other down.
 */
@SuppressWarnings("unused")
abstract class LaneCursor extends LaneCursorFields {
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;

    LaneCursor(ByteBuffer memory, int block, int capacity, Object subject) {
        super(memory, block, capacity, subject);
    }
}

@SuppressWarnings("unused")
abstract class LaneCursorPadding {
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

abstract class LaneCursorFields extends LaneCursorPadding {
    final ByteBuffer memory;
    final LongBuffer words;
    final int block;
    final int lane;
    final int capacity;
    final int mask;
    final Object subject;

    /** The next position to write or to read. */
    long position;
    /** The position up to which the reader has released the lane: as the writer saw it last, or as the reader published it. */
    long released;
    /** A record that starts at the position and ends here or before neither wraps nor exceeds what is released. */
    long contiguousEnd;

    LaneCursorFields(ByteBuffer memory, int block, int capacity, Object subject) {
        this.memory = memory;
        this.words = HotWords.longs(memory);
        this.block = block;
        this.lane = ChannelLayout.lane(block);
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.subject = subject;
    }

    /** Returns the offset of a position in the lane. */
    final int index(long at) {
        return (int) at & mask;
    }

    /** Returns the position at which the lap ends that a position lies in. */
    final long lapEnd(long at) {
        return at - index(at) + capacity;
    }

    /** Returns the limit for records from this position on. */
    final long contiguousEndFrom(long at) {
        return Math.min(lapEnd(at), released + capacity - LaneLayout.HEADER_BYTES);
    }

    final long headerAcquire(long at) {
        return HotWords.longAcquire(words, lane + index(at));
    }

    /**
     * Returns the position behind a record.
     *
     * @param at the position of the record
     * @param header its header, not 0
     * @throws ChannelCorruptException if no writer can have written it there, given what the reader has released
     */
    final long positionBehind(long at, long header) {
        int bytes = LaneLayout.checkedRecordBytes(header, index(at), capacity);
        if (bytes == 0 || at + bytes - released > capacity - LaneLayout.HEADER_BYTES) {
            throw damaged(
                    at,
                    "a record of type " + LaneLayout.type(header) + " and length " + LaneLayout.length(header)
                            + " is impossible there");
        }
        return at + bytes;
    }

    /** Reads the position up to which the reader has released the lane, and checks it. */
    final long readReleased(long atLeast, long atMost) {
        long found = Words.longAcquire(memory, ChannelLayout.released(block));
        if (found < atLeast || found > atMost || found % LaneLayout.ALIGNMENT != 0) {
            throw damaged(
                    atLeast, "the receiver's cursor is " + found + " (expected: " + atLeast + " to " + atMost + ")");
        }
        return found;
    }

    /** Records damage for both ends and returns the exception that reports it. */
    final ChannelCorruptException damaged(long at, String what) {
        ChannelLayout.recordDamage(memory, block, at);
        return new ChannelCorruptException(subject + " is damaged at position " + at + ": " + what + "; delete it", at);
    }
}
