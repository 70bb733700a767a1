package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.sync.internal.region.layout.Words;

/** The lane of a broadcast channel: what its sender and its receivers read alike. Immutable. */
final class BroadcastLane {
    final ByteBuffer memory;
    final int channel;
    final int receivers;
    final int start;
    final int capacity;

    private final Object subject;
    private final int markedBytes;

    BroadcastLane(ByteBuffer memory, int channel, int capacity, int receivers, Object subject) {
        this.memory = memory;
        this.channel = channel;
        this.capacity = capacity;
        this.receivers = receivers;
        this.start = BroadcastLayout.lane(channel, receivers);
        this.subject = subject;
        this.markedBytes = capacity / BroadcastLayout.MARKS;
    }

    /** Returns the offset of a position in the lane. */
    int index(long at) {
        return (int) at & capacity - 1;
    }

    /** Returns the offset of a position in the memory. */
    int offset(long at) {
        return start + index(at);
    }

    long tailAcquire() {
        return Words.longAcquire(memory, BroadcastLayout.tail(channel));
    }

    /** Returns the first position that the sender has certainly not overwritten before the previous reads of this thread. */
    long intactFrom() {
        java.lang.invoke.VarHandle.acquireFence();
        return Words.longOpaque(memory, BroadcastLayout.intent(channel)) - capacity;
    }

    /** Returns the number of the part of the lane, which has one mark, counted from the first lap. */
    long part(long at) {
        return at / markedBytes;
    }

    /**
     * Returns the bytes of the record at a position.
     *
     * @param header its header
     * @throws ChannelCorruptException if no sender can have written it there
     */
    int recordBytes(long at, long header) {
        int bytes = RecordLayout.checkedRecordBytes(header, index(at), capacity);
        if (bytes == 0) {
            throw damaged(
                    at,
                    "a record of type " + RecordLayout.type(header) + " and length " + RecordLayout.length(header)
                            + " is impossible there");
        }
        return bytes;
    }

    /**
     * Returns the first marked message in a part of the lane.
     *
     * @param from the first part to search
     * @param tail the end of the committed records
     * @return its position, or -1 if there is none from there to the tail
     */
    long firstMarkFrom(long from, long tail) {
        for (long part = Math.max(from, firstMarkedPart(tail)); part <= part(tail); part++) {
            long mark = mark(part, tail);
            if (mark >= 0) {
                return mark;
            }
        }
        return -1;
    }

    /** Returns the last marked message before the tail, or -1 if there is none. */
    long lastMark(long tail) {
        for (long part = part(tail); part >= firstMarkedPart(tail); part--) {
            long mark = mark(part, tail);
            if (mark >= 0) {
                return mark;
            }
        }
        return -1;
    }

    /** Returns the first part whose mark is not overwritten by that of a later part. */
    private long firstMarkedPart(long tail) {
        return Math.max(0, part(tail) - BroadcastLayout.MARKS + 1);
    }

    private long mark(long part, long tail) {
        long mark = Words.longOpaque(memory, BroadcastLayout.mark(channel, part));
        return mark >= 0 && mark < tail && part(mark) == part && mark % RecordLayout.ALIGNMENT == 0 ? mark : -1;
    }

    /**
     * Clears the marks of messages that a dead sender has not committed. Its successor may write a longer one there, which
     * would make them point into that.
     */
    void clearMarksFrom(long tail) {
        for (int part = 0; part < BroadcastLayout.MARKS; part++) {
            int mark = BroadcastLayout.mark(channel, part);
            if (Words.longOpaque(memory, mark) >= tail) {
                Words.putLongOpaque(memory, mark, -1);
            }
        }
    }

    /**
     * Returns the number of the message that follows the committed ones.
     *
     * @return the number, or -1 if the sender may have overwritten the records that tell it
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    long numberAt(long tail) {
        if (tail == 0) {
            return 0;
        }
        long at = lastMark(tail);
        if (at < 0) {
            return unlessOverwritten(0, tail, "no message is marked before it");
        }
        long first = at;
        long number = -1;
        while (at < tail) {
            long header = RecordLayout.header(memory, offset(at));
            int bytes = RecordLayout.checkedRecordBytes(header, index(at), capacity);
            if (bytes == 0) {
                return unlessOverwritten(first, at, "its header is impossible there");
            }
            if (RecordLayout.type(header) == RecordLayout.MESSAGE) {
                number = RecordLayout.number(memory, offset(at));
            }
            at += bytes;
        }
        if (at != tail || number < 0) {
            return unlessOverwritten(first, at, "the records before it do not end at the tail " + tail);
        }
        return intactFrom() > first ? -1 : number + 1;
    }

    private long unlessOverwritten(long from, long at, String what) {
        if (intactFrom() > from) {
            return -1;
        }
        throw damaged(at, what);
    }

    /** Records damage for all ends and returns the exception that reports it. */
    ChannelCorruptException damaged(long at, String what) {
        BroadcastLayout.recordDamage(memory, channel, at);
        return new ChannelCorruptException(subject + " is damaged at position " + at + ": " + what + "; delete it", at);
    }
}
