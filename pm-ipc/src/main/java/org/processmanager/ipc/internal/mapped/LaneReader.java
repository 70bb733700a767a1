package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The reading end of a lane. It has two cursors: <em>taken</em> moves with every message, before or after its handler as
 * the delivery wants it, and is where a successor begins, so that a killed reader's messages count exactly like those of
 * one whose handler threw; <em>released</em> moves once a batch and gives room to the writer. Not thread-safe.
 *
 * <p>Nothing in the lane is believed before it is checked. Crash points: {@code lane.taken}, {@code lane.handled},
 * {@code lane.released}.
 */
final class LaneReader extends LaneCursor {
    /** Released at the latest after this part of the lane, so that the writer need not wait for the end of a long batch. */
    private static final int RELEASES_PER_LAP = 4;

    private final ByteBuffer view;
    private final Runnable onRelease;
    private long messages;

    /**
     * Continues where the reader before has come to.
     *
     * @param onRelease called whenever there is more room for the writer
     * @throws ChannelCorruptException if what stands in the lane contradicts itself
     */
    LaneReader(ByteBuffer memory, int channel, int capacity, Object subject, Runnable onRelease) {
        super(memory, channel, capacity, subject);
        this.onRelease = onRelease;
        view = memory.slice(lane, capacity).asReadOnlyBuffer();
        released = readReleased(0, Long.MAX_VALUE - capacity);
        position = released;
        long taken = Words.longAcquire(memory, ChannelLayout.taken(channel));
        while (position < taken) {
            long header = headerAcquire(position);
            if (header == 0) {
                break;
            }
            position = behind(position, header);
        }
        if (position != taken) {
            throw damaged(
                    position,
                    "the receiver had taken " + taken + " (expected: the end of a message, from " + released + " on)");
        }
        release(position);
    }

    /** Whether a record is there, also one of which {@link #read} will say that it is damaged. */
    boolean hasNext() {
        return headerAcquire(position) != 0;
    }

    /**
     * Hands over what is there.
     *
     * @return how many messages
     * @throws ChannelCorruptException if what stands in the lane contradicts itself
     */
    int read(MessageHandler handler, int limit, Delivery when) {
        // In locals, since after each ordered access the fields would be read again.
        ByteBuffer in = memory;
        ByteBuffer buffer = view;
        int takenAt = ChannelLayout.taken(channel);
        boolean before = when == Delivery.AT_MOST_ONCE;
        long at = position;
        int read = 0;
        int taken = 0;
        try {
            while (read < limit) {
                int index = index(at);
                long header = LaneLayout.headerAcquire(in, lane + index);
                if (header == 0) {
                    break;
                }
                long next = behind(at, header);
                if (LaneLayout.type(header) == LaneLayout.PADDING) {
                    at = next;
                    continue;
                }
                if (before) {
                    at = next;
                    taken++;
                    Words.putLongOpaque(in, takenAt, next);
                    CrashPoint.reach("lane.taken");
                }
                buffer.clear().order(ByteOrder.BIG_ENDIAN);
                handler.onMessage(buffer, index + LaneLayout.HEADER_BYTES, LaneLayout.length(header));
                if (!before) {
                    at = next;
                    taken++;
                    Words.putLongOpaque(in, takenAt, next);
                    CrashPoint.reach("lane.taken");
                }
                read++;
                if (next - released >= capacity / RELEASES_PER_LAP) {
                    release(next);
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

    /** How many messages were taken through this end. */
    long messages() {
        return messages;
    }

    private void release(long to) {
        position = to;
        CrashPoint.reach("lane.handled");
        // Behind padding taken would lag, and a successor could not find its place.
        Words.putLongOpaque(memory, ChannelLayout.taken(channel), to);
        Words.putLongRelease(memory, ChannelLayout.released(channel), to);
        released = to;
        CrashPoint.reach("lane.released");
        onRelease.run();
    }
}
