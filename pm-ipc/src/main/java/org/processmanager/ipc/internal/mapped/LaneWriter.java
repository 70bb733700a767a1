package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.internal.HotWords;
import org.processmanager.ipc.internal.channel.RecordSender;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The writing end of a lane. It writes a record behind the committed ones and commits it by storing its header last. A writer
 * that dies before that leaves a header of 0, which is the end of the lane for both ends. Not thread-safe.
 *
 * <p>In a batch the first header is held back: the records behind it are complete but unreachable. Small records are gathered
 * in a private buffer and written many at once. The cache lines of the lane are at the reader's processor, and each store waits
 * for its line; a copy of many bytes waits for many lines at a time, stores of single messages for few.
 *
 * <p>Crash points: {@code lane.payload}, {@code lane.padded}, {@code lane.committed}.
 */
final class LaneWriter extends LaneCursor {
    /** There is no room. */
    static final long FULL = RecordSender.FULL;

    private static final long NOTHING_HELD = -1;
    /** How often the tail is published: a store for each message was a tenth of its cost. */
    private static final long TAIL_STEP_BYTES = 1024;

    /** How many bytes of a batch are written at once. */
    private static final int GATHERED_BYTES = 4096;

    private final int maxRecordBytes;
    /** The position of the batch's first record, and the header that commits it. */
    private long heldAt = NOTHING_HELD;

    private long heldHeader;
    /** The last records of the batch, which are not in the lane yet. */
    private ByteBuffer gathered = ByteBuffer.allocate(0);

    private int gatheredBytes;
    private long messages;

    /**
     * Continues behind the committed records, which are found by walking from the released position.
     *
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    LaneWriter(ByteBuffer memory, int block, int capacity, Object subject) {
        super(memory, block, capacity, subject);
        maxRecordBytes = LaneLayout.maxMessageBytes(capacity);
        released = readReleased(0, Long.MAX_VALUE - capacity);
        position = released;
        for (long header = headerAcquire(position); header != 0; header = headerAcquire(position)) {
            position = positionBehind(position, header);
        }
        contiguousEnd = contiguousEndFrom(position);
        Words.putLongOpaque(memory, ChannelLayout.tail(block), position);
    }

    /**
     * Finds room for a message, without writing.
     *
     * @return the position of its record, or {@link #FULL}
     */
    long reserve(int length) {
        return position + LaneLayout.recordBytes(length) <= contiguousEnd ? position : reserveBeyondEnd(length);
    }

    private long reserveBeyondEnd(int length) {
        int record = LaneLayout.recordBytes(length);
        long start = record <= capacity - index(position) ? position : lapEnd(position);
        long needed = start + record + LaneLayout.HEADER_BYTES - capacity;
        if (needed > released) {
            released = readReleased(released, heldAt == NOTHING_HELD ? position : heldAt);
            if (needed > released) {
                return FULL;
            }
        }
        if (start == position) {
            contiguousEnd = contiguousEndFrom(start);
        }
        return start;
    }

    /** Returns whether there is room for a message, in fragments if it is longer than a record can be. */
    boolean hasRoom(int length) {
        return length <= maxRecordBytes ? reserve(length) != FULL : hasRoomForFragments(length);
    }

    /** Returns whether {@link #appendFragments} has room for a part of a message. */
    boolean hasRoomForFragments(int bytes) {
        long needed = position + LaneLayout.fragmentsBytes(bytes) + LaneLayout.HEADER_BYTES - capacity;
        if (needed > released) {
            released = readReleased(released, heldAt == NOTHING_HELD ? position : heldAt);
        }
        return needed <= released;
    }

    /** Returns the offset in the memory for the payload of a record that {@link #reserve} found room for. */
    int payloadAt(long start) {
        return lane + index(start) + LaneLayout.HEADER_BYTES;
    }

    /** Commits a record that {@link #reserve} found room for and whose payload is written. */
    void commit(long start, int length) {
        CrashPoint.reach("lane.payload");
        long at = position;
        long end = start + LaneLayout.recordBytes(length);
        HotWords.putLongPlain(words, lane + index(end), 0);
        publish(at, start == at ? LaneLayout.message(length) : padBefore(start, length), end);
        position = end;
        messages++;
    }

    /**
     * Adds a record that {@link #reserve} found room for, and its payload, to the batch. No zero follows it: the commit of the
     * batch writes one behind its last record.
     */
    void append(long start, ByteBuffer message, int length) {
        int bytes = LaneLayout.recordBytes(length);
        if (start == position && bytes <= GATHERED_BYTES) {
            gather(message, length, bytes);
        } else {
            writeGathered();
            memory.put(payloadAt(start), message, message.position(), length);
            CrashPoint.reach("lane.payload");
            long header = start == position ? LaneLayout.message(length) : padBefore(start, length);
            hold(header, (int) (start - position) + bytes);
        }
        messages++;
    }

    private void gather(ByteBuffer message, int length, int bytes) {
        if (bytes > gathered.capacity() - gatheredBytes) {
            makeRoomToGather();
        }
        message.get(message.position(), gathered.array(), gatheredBytes + LaneLayout.HEADER_BYTES, length);
        CrashPoint.reach("lane.payload");
        long header = LaneLayout.message(length);
        if (heldAt == NOTHING_HELD) {
            heldAt = position;
            heldHeader = header;
            header = 0;
        }
        gathered.putLong(gatheredBytes, header);
        gatheredBytes += bytes;
        position += bytes;
    }

    private void makeRoomToGather() {
        if (gathered.capacity() == 0) {
            gathered = ByteBuffer.allocate(GATHERED_BYTES).order(ByteOrder.nativeOrder());
        }
        writeGathered();
    }

    /** Writes the gathered records, which end at the position, to the lane. */
    private void writeGathered() {
        if (gatheredBytes > 0) {
            int first = index(position - gatheredBytes);
            int inThisLap = Math.min(gatheredBytes, capacity - first);
            memory.put(lane + first, gathered.array(), 0, inThisLap);
            memory.put(lane, gathered.array(), inThisLap, gatheredBytes - inThisLap);
            gatheredBytes = 0;
        }
    }

    /**
     * Adds a part of a message to the batch, in two fragments if it does not fit before the end of the lap.
     *
     * @param from the offset of the part in the message
     * @param bytes the length of the part; {@link #hasRoomForFragments} has found room for it
     */
    void appendFragments(ByteBuffer message, int from, int bytes) {
        writeGathered();
        int end = from + bytes;
        for (int next = from; next < end; ) {
            int toEnd = capacity - index(position);
            int fragment = Math.min(end - next, toEnd - LaneLayout.FRAGMENT_HEADER_BYTES);
            if (fragment <= 0) {
                hold(LaneLayout.header(LaneLayout.PADDING, toEnd - LaneLayout.HEADER_BYTES), toEnd);
                continue;
            }
            int at = lane + index(position);
            LaneLayout.putFragment(memory, at, message.remaining(), next);
            memory.put(at + LaneLayout.FRAGMENT_HEADER_BYTES, message, message.position() + next, fragment);
            CrashPoint.reach("lane.payload");
            int length = LaneLayout.FRAGMENT_HEADER_BYTES - LaneLayout.HEADER_BYTES + fragment;
            hold(LaneLayout.header(LaneLayout.FRAGMENT, length), LaneLayout.recordBytes(length));
            next += fragment;
        }
        contiguousEnd = contiguousEndFrom(position);
        messages += end == message.remaining() ? 1 : 0;
    }

    private void hold(long header, int bytes) {
        if (heldAt == NOTHING_HELD) {
            heldAt = position;
            heldHeader = header;
        } else {
            HotWords.putLongPlain(words, lane + index(position), header);
        }
        position += bytes;
    }

    /** Writes the header of the first record of a lap; returns the header of the padding before it. */
    private long padBefore(long start, int length) {
        HotWords.putLongPlain(words, lane + index(start), LaneLayout.message(length));
        contiguousEnd = contiguousEndFrom(start);
        CrashPoint.reach("lane.padded");
        return LaneLayout.header(LaneLayout.PADDING, (int) (start - position) - LaneLayout.HEADER_BYTES);
    }

    /** Returns the number of messages written through this end. */
    long messages() {
        return messages;
    }

    /** Returns whether the batch has records. */
    boolean hasBatch() {
        return heldAt != NOTHING_HELD;
    }

    /** Commits the records of the batch; returns whether there were any. */
    boolean commitBatch() {
        if (heldAt == NOTHING_HELD) {
            return false;
        }
        writeGathered();
        HotWords.putLongPlain(words, lane + index(position), 0);
        publish(heldAt, heldHeader, position);
        heldAt = NOTHING_HELD;
        return true;
    }

    private void publish(long at, long header, long end) {
        HotWords.putLongRelease(words, lane + index(at), header);
        if (((at ^ end) & -TAIL_STEP_BYTES) != 0) {
            HotWords.putLongPlain(words, ChannelLayout.tail(block), end);
        }
        CrashPoint.reach("lane.committed");
    }
}
