package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.HotWords;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The reading end of a lane. It has two cursors. <em>Taken</em> moves with every message, before or after its handler depending
 * on the {@link Delivery}, and is where a successor continues: the messages of a killed reader count exactly like those of a
 * handler that throws. <em>Released</em> moves once a batch and gives room to the writer. Not thread-safe.
 *
 * <p>The content of the lane is checked before it is used. Crash points: {@code lane.taken}, {@code lane.handled},
 * {@code lane.released}.
 */
final class LaneReader extends LaneCursor {
    /** The lane is released at least this often per lap, so that the writer need not wait for the end of a long batch. */
    private static final int RELEASES_PER_LAP = 4;

    private static final long MESSAGE_OF_0_BYTES = LaneLayout.message(0);

    private final int maxMessageBytes;
    private final ByteBuffer view;
    private final Runnable onRelease;
    private final FragmentReader fragments;
    private long messages;
    /** The record at the position is a fragment. */
    private boolean atFragment;

    /**
     * Continues where the previous reader stopped.
     *
     * @param longestMessage the maximum length of a message, in bytes
     * @param onRelease called when there is more room for the writer
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    LaneReader(ByteBuffer memory, int block, int capacity, int longestMessage, Object subject, Runnable onRelease) {
        super(memory, block, capacity, subject);
        this.onRelease = onRelease;
        fragments = new FragmentReader(this, longestMessage);
        maxMessageBytes = LaneLayout.maxMessageBytes(capacity);
        view = memory.slice(lane, capacity).asReadOnlyBuffer();
        released = readReleased(0, Long.MAX_VALUE - capacity);
        position = released;
        long taken = Words.longAcquire(memory, ChannelLayout.taken(block));
        while (position < taken) {
            long header = headerAcquire(position);
            if (header == 0) {
                break;
            }
            position = positionBehind(position, header);
        }
        if (position != taken) {
            throw damaged(
                    position,
                    "the receiver took " + taken + " (expected: the end of a message, from " + released + " on)");
        }
        release(position);
    }

    /** Returns whether there is a record, even a damaged one, which {@link #read} reports. */
    boolean hasNext() {
        return headerAcquire(position) != 0;
    }

    /**
     * Passes the available messages to a handler.
     *
     * @return the number of messages
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    int read(MessageHandler handler, int limit, Delivery when) {
        int read = readRecords(handler, limit, when);
        while (atFragment && read < limit) {
            atFragment = false;
            long next = fragments.gather(position);
            boolean more = headerAcquire(next) != 0; // not what a sender writes into the room that is released now
            read += passFragments(next, handler, when);
            if (!more) {
                break;
            }
            read += readRecords(handler, limit - read, when);
        }
        return read;
    }

    /** Passes available messages to a handler, up to the first fragment of one. */
    private int readRecords(MessageHandler handler, int limit, Delivery when) {
        // In locals, because the fields would be read again after each ordered access.
        LongBuffer in = words;
        ByteBuffer buffer = view;
        int firstAt = lane;
        int indexMask = mask;
        int longest = maxMessageBytes;
        int takenAt = ChannelLayout.taken(block);
        boolean before = when == Delivery.AT_MOST_ONCE;
        long at = position;
        long end = contiguousEnd;
        long releaseAt = released + capacity / RELEASES_PER_LAP;
        int read = 0;
        int taken = 0;
        try {
            while (read < limit) {
                int index = (int) at & indexMask;
                long header = HotWords.longAcquire(in, firstAt + index);
                if (header == 0) {
                    break;
                }
                long length = header - MESSAGE_OF_0_BYTES;
                long next = at + LaneLayout.recordBytes((int) length);
                if (length < 0 || length > longest || next > end) {
                    next = positionBehind(at, header);
                    if (LaneLayout.type(header) == LaneLayout.PADDING) {
                        at = next;
                        // Otherwise taken would lag behind released, and a successor would find it inconsistent.
                        HotWords.putLongPlain(in, takenAt, next);
                        continue;
                    }
                    if (LaneLayout.type(header) == LaneLayout.FRAGMENT) {
                        atFragment = true;
                        break;
                    }
                    end = contiguousEndFrom(at);
                }
                if (before) {
                    at = next;
                    taken++;
                    HotWords.putLongPlain(in, takenAt, next);
                    CrashPoint.reach("lane.taken");
                }
                buffer.clear().order(ByteOrder.BIG_ENDIAN);
                handler.onMessage(buffer, index + LaneLayout.HEADER_BYTES, (int) length);
                if (!before) {
                    at = next;
                    taken++;
                    HotWords.putLongPlain(in, takenAt, next);
                    CrashPoint.reach("lane.taken");
                }
                read++;
                if (next >= releaseAt) {
                    release(next);
                    end = contiguousEnd;
                    releaseAt = next + capacity / RELEASES_PER_LAP;
                }
            }
        } finally {
            messages += taken;
            if (at != released) {
                release(at);
            }
        }
        return read;
    }

    /** Takes the gathered fragments; returns 1 if they complete a message, which is passed to the handler, else 0. */
    private int passFragments(long next, MessageHandler handler, Delivery when) {
        boolean complete = fragments.isComplete();
        boolean taken = !complete || when == Delivery.AT_MOST_ONCE;
        try {
            if (taken) {
                takeFragments(next);
            }
            if (complete) {
                handler.onMessage(fragments.content(), 0, fragments.length());
            }
            if (!taken) {
                taken = true;
                takeFragments(next);
            }
        } finally {
            if (taken) {
                messages += complete ? 1 : 0;
                fragments.taken();
                release(next);
            }
        }
        return complete ? 1 : 0;
    }

    private void takeFragments(long next) {
        Words.putLongOpaque(memory, ChannelLayout.taken(block), next);
        CrashPoint.reach("lane.taken");
    }

    /** Returns the number of messages taken through this end. */
    long messages() {
        return messages;
    }

    private void release(long to) {
        position = to;
        CrashPoint.reach("lane.handled");
        HotWords.putLongRelease(words, ChannelLayout.released(block), to);
        released = to;
        contiguousEnd = contiguousEndFrom(to);
        CrashPoint.reach("lane.released");
        onRelease.run();
    }
}
