package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The writing end of a lane. It writes a record behind the committed ones and commits it by storing its header last. A writer
 * that dies before that leaves a header of 0, which is the end of the lane for both ends. Not thread-safe.
 *
 * <p>In a batch the first header is held back: the records behind it are complete but unreachable. Crash points:
 * {@code lane.payload}, {@code lane.padded}, {@code lane.committed}.
 */
final class LaneWriter extends LaneCursor {
    /** There is no room. */
    static final long FULL = -1;

    private static final long NOTHING_HELD = -1;
    /** How often the tail is published: a store for each message was a tenth of its cost. */
    private static final long TAIL_STEP_BYTES = 1024;

    /** The position of the batch's first record, and the header that commits it. */
    private long heldAt = NOTHING_HELD;

    private long heldHeader;
    private boolean inBatch;
    private long messages;

    /**
     * Continues behind the committed records, which are found by walking from the released position.
     *
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    LaneWriter(ByteBuffer memory, int channel, int capacity, Object subject) {
        super(memory, channel, capacity, subject);
        released = readReleased(0, Long.MAX_VALUE - capacity);
        position = released;
        for (long header = headerAcquire(position); header != 0; header = headerAcquire(position)) {
            position = positionBehind(position, header);
        }
        Words.putLongOpaque(memory, ChannelLayout.tail(channel), position);
    }

    /**
     * Finds room for a message, without writing.
     *
     * @return the position of its record, or {@link #FULL}
     */
    long reserve(int length) {
        int record = LaneLayout.recordBytes(length);
        int toEnd = capacity - index(position);
        long start = record <= toEnd ? position : position + toEnd;
        long needed = start + record + LaneLayout.HEADER_BYTES - capacity;
        if (needed > released) {
            released = readReleased(released, heldAt == NOTHING_HELD ? position : heldAt);
            if (needed > released) {
                return FULL;
            }
        }
        return start;
    }

    /** Returns the offset in the memory for the payload of a record that {@link #reserve} found room for. */
    int payloadAt(long start) {
        return lane + index(start) + LaneLayout.HEADER_BYTES;
    }

    /** Commits a record that {@link #reserve} found room for and whose payload is written. */
    void commit(long start, int length) {
        CrashPoint.reach("lane.payload");
        long end = start + LaneLayout.recordBytes(length);
        LaneLayout.headerPlain(memory, lane + index(end), 0);
        long header = LaneLayout.header(LaneLayout.MESSAGE, length);
        if (start != position) {
            LaneLayout.headerPlain(memory, lane + index(start), header);
            CrashPoint.reach("lane.padded");
            header = LaneLayout.header(LaneLayout.PADDING, (int) (start - position) - LaneLayout.HEADER_BYTES);
        }
        if (!inBatch) {
            publish(position, header, end);
        } else if (heldAt == NOTHING_HELD) {
            heldAt = position;
            heldHeader = header;
        } else {
            LaneLayout.headerPlain(memory, lane + index(position), header);
        }
        position = end;
        messages++;
    }

    /** Returns the number of messages written through this end. */
    long messages() {
        return messages;
    }

    void beginBatch() {
        inBatch = true;
    }

    /** Commits the records of the batch; returns whether there were any. */
    boolean commitBatch() {
        if (heldAt == NOTHING_HELD) {
            return false;
        }
        publish(heldAt, heldHeader, position);
        heldAt = NOTHING_HELD;
        return true;
    }

    void endBatch() {
        inBatch = false;
    }

    private void publish(long at, long header, long end) {
        LaneLayout.headerRelease(memory, lane + index(at), header);
        if (((at ^ end) & -TAIL_STEP_BYTES) != 0) {
            Words.putLongOpaque(memory, ChannelLayout.tail(channel), end);
        }
        CrashPoint.reach("lane.committed");
    }
}
