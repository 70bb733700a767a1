package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * What the writer and the reader of a lane have in common. Each object's changing fields stand alone on their cache lines,
 * since in one JVM both ends would otherwise slow each other down.
 */
@SuppressWarnings("unused")
abstract class LaneCursor extends LaneEndHead {
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;

    LaneCursor(ByteBuffer memory, int channel, int capacity, Object subject) {
        super(memory, channel, capacity, subject);
    }
}

@SuppressWarnings("unused")
abstract class LaneEndPadding {
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

abstract class LaneEndHead extends LaneEndPadding {
    final ByteBuffer memory;
    final int channel;
    final int lane;
    final int capacity;
    final int mask;
    final Object subject;

    /** The next position to write, or to read. */
    long position;
    /** Up to where the reader has released: by the writer as it was last seen, by the reader as it was last said. */
    long released;

    LaneEndHead(ByteBuffer memory, int channel, int capacity, Object subject) {
        this.memory = memory;
        this.channel = channel;
        this.lane = ChannelLayout.lane(channel);
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.subject = subject;
    }

    /** Where in the lane a position is. */
    final int index(long at) {
        return (int) at & mask;
    }

    final long headerAcquire(long at) {
        return LaneLayout.headerAcquire(memory, lane + index(at));
    }

    /**
     * The position behind the record that stands at one.
     *
     * @param header that of the record, not 0
     * @throws ChannelCorruptException if no writer can have written it there, now that the reader has released so much
     */
    final long behind(long at, long header) {
        int bytes = LaneLayout.checkedRecordBytes(header, index(at), capacity);
        if (bytes == 0 || at + bytes - released > capacity - LaneLayout.HEADER_BYTES) {
            throw damaged(
                    at,
                    "type " + LaneLayout.type(header) + " and length " + LaneLayout.length(header)
                            + " cannot stand there");
        }
        return at + bytes;
    }

    /** The reader's cursor, checked against what it can be. */
    final long readReleased(long atLeast, long atMost) {
        long found = Words.longAcquire(memory, ChannelLayout.released(channel));
        if (found < atLeast || found > atMost || found % LaneLayout.ALIGNMENT != 0) {
            throw damaged(
                    atLeast, "the receiver's cursor is " + found + " (expected: " + atLeast + " to " + atMost + ")");
        }
        return found;
    }

    /** Notes damage for all and says so. */
    final ChannelCorruptException damaged(long at, String what) {
        ChannelLayout.noteDamage(memory, channel, at);
        return new ChannelCorruptException(subject + " is damaged at position " + at + ": " + what + "; delete it", at);
    }
}
