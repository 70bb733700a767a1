package org.processmanager.ipc.internal.broadcast;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.internal.channel.RecordSender;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The writing end of a broadcast lane. It states its intent, writes a record behind the committed ones, and commits it by
 * storing the tail. A writer that dies before that leaves the tail, where its successor continues. Not thread-safe.
 *
 * <p>The intent precedes every byte that it covers: a receiver that does not hold the sender up copies first, and then checks
 * that the intent had not reached what it copied (the broadcast buffers of Agrona, and sequence locks, do the same).
 *
 * <p>Crash points: {@code broadcast.intended}, {@code broadcast.payload}, {@code broadcast.padded}, {@code broadcast.marked},
 * {@code broadcast.committed}.
 */
final class BroadcastWriter {
    /** There is no room. */
    static final long FULL = RecordSender.FULL;

    /** A batch is published at least this often per lap, so that the intent does not run far ahead of the tail. */
    private static final int COMMITS_PER_LAP = 8;

    private final BroadcastLane lane;
    private final Receivers receivers;
    private final ByteBuffer memory;
    private final int channel;
    private final int capacity;

    /** Where the next record starts. */
    private long position;
    /** The end of the committed records. */
    private long tail;

    private long intent;
    /** Up to where the receivers let this sender write. */
    private long limit;
    /** The number of the next message. */
    private long number;
    /** The part of the lane whose mark was written last. */
    private long markedPart;

    private long messages;

    /**
     * Continues behind the committed records.
     *
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    BroadcastWriter(BroadcastLane lane, Receivers receivers) {
        this.lane = lane;
        this.receivers = receivers;
        this.memory = lane.memory;
        this.channel = lane.channel;
        this.capacity = lane.capacity;
        tail = lane.tailAcquire();
        intent = Words.longAcquire(memory, BroadcastLayout.intent(channel));
        if (tail < 0 || tail % RecordLayout.ALIGNMENT != 0 || intent < tail || intent > tail + capacity) {
            throw lane.damaged(tail, "the sender's intent is " + intent);
        }
        number = lane.numberAt(tail);
        if (number < 0) {
            throw lane.damaged(tail, "the messages before it are overwritten");
        }
        position = tail;
        markedPart = tail == 0 ? -1 : lane.part(lane.lastMark(tail));
        lane.clearMarksFrom(tail);
    }

    /**
     * Finds room for a message. Evicts receivers that lag too far, but writes nothing to the lane.
     *
     * @return the position of its record, or {@link #FULL}
     */
    long reserve(int length) {
        int record = RecordLayout.recordBytes(length);
        int toEnd = capacity - lane.index(position);
        long start = record <= toEnd ? position : position + toEnd;
        long end = start + record;
        if (end > limit) {
            limit = receivers.limit(end, tail);
            if (end > limit) {
                return FULL;
            }
        }
        return start;
    }

    /** Begins to write a record that {@link #reserve} found room for; returns the offset in the memory for its payload. */
    int open(long start, int length) {
        long end = start + RecordLayout.recordBytes(length);
        if (end > intent) {
            intent = end;
            Words.putLongOpaque(memory, BroadcastLayout.intent(channel), end);
            VarHandle.storeStoreFence();
            CrashPoint.reach("broadcast.intended");
        }
        return lane.offset(start) + RecordLayout.HEADER_BYTES;
    }

    /** Commits a record that was opened and whose payload is written, with those before it. */
    void commit(long start, int length) {
        write(start, length);
        publish();
    }

    /**
     * Adds a record that was opened and whose payload is written to the batch.
     *
     * @return whether the batch was published, since it is long
     */
    boolean append(long start, int length) {
        write(start, length);
        return position - tail >= capacity / COMMITS_PER_LAP && publish();
    }

    private void write(long start, int length) {
        CrashPoint.reach("broadcast.payload");
        if (start != position) {
            RecordLayout.putPadding(memory, lane.offset(position), (int) (start - position));
            CrashPoint.reach("broadcast.padded");
        }
        RecordLayout.putMessage(memory, lane.offset(start), length, number);
        long part = lane.part(start);
        if (part != markedPart) {
            markedPart = part;
            Words.putLongOpaque(memory, BroadcastLayout.mark(channel, part), start);
            CrashPoint.reach("broadcast.marked");
        }
        position = start + RecordLayout.recordBytes(length);
        number++;
        messages++;
    }

    /** Returns the number of messages written through this end. */
    long messages() {
        return messages;
    }

    /** Publishes the records that are held back; returns whether there were any. */
    boolean publish() {
        if (position == tail) {
            return false;
        }
        tail = position;
        Words.putLongRelease(memory, BroadcastLayout.tail(channel), tail);
        CrashPoint.reach("broadcast.committed");
        return true;
    }
}
