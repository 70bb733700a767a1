package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.ReceiverEvictedException;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * A receiver that the sender does not wait for. It copies a piece of the lane, checks that the sender had not begun to
 * overwrite it, and passes on the messages of the copy. If it was overtaken, it continues at the oldest message that has some
 * distance from the sender and counts what it missed, or it was evicted.
 */
final class CopyingReader extends BroadcastReader {
    private static final int PIECES_PER_LAP = 8;
    private static final int LONGEST_PIECE = 16 << 10;
    /** An overtaken receiver continues this far from the sender, in fourths of the capacity, lest it is overtaken at once. */
    private static final int KEPT_FOURTHS = 3;

    private final Endpoint endpoint;
    private final boolean evictable;
    private final int longestPiece;

    /** The copy of the records from {@link #copiedFrom} to {@link #copiedTo}. */
    private ByteBuffer copy;

    private ByteBuffer view;
    private long copiedFrom;
    private long copiedTo;
    /** Whether messages were missed whose number is not known yet. */
    private boolean overtaken;

    CopyingReader(
            BroadcastLane lane, int receiver, long position, Runnable onRelease, Endpoint endpoint, boolean evictable) {
        super(lane, receiver, position, onRelease);
        this.endpoint = endpoint;
        this.evictable = evictable;
        longestPiece = Math.min(lane.capacity / PIECES_PER_LAP, LONGEST_PIECE);
        copy = newCopy(longestPiece);
        view = copy.asReadOnlyBuffer();
        copiedFrom = this.position;
        copiedTo = this.position;
    }

    private static ByteBuffer newCopy(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    boolean hasNext() {
        return position < copiedTo || lane.tailAcquire() != position || isEvicted();
    }

    @Override
    int read(MessageHandler handler, int limit, Delivery when) {
        boolean before = when == Delivery.AT_MOST_ONCE;
        long released = position;
        int read = 0;
        try {
            while (read < limit && (position < copiedTo || copyNext())) {
                int at = (int) (position - copiedFrom);
                long header = RecordLayout.header(copy, at);
                int bytes = lane.recordBytes(position, header);
                if (RecordLayout.type(header) == RecordLayout.PADDING) {
                    position += bytes;
                    continue;
                }
                checkNumber(position, RecordLayout.number(copy, at));
                if (before) {
                    pass(bytes);
                }
                view.clear().order(ByteOrder.BIG_ENDIAN);
                handler.onMessage(view, at + RecordLayout.HEADER_BYTES, RecordLayout.length(header));
                if (!before) {
                    pass(bytes);
                }
                read++;
            }
        } finally {
            if (position != released) {
                release();
            }
        }
        return read;
    }

    private void pass(int bytes) {
        position += bytes;
        number++;
        received++;
    }

    /** Copies the next whole records; returns false if there are none. */
    private boolean copyNext() {
        if (position != copiedFrom) {
            release();
        }
        while (true) {
            if (isEvicted()) {
                throw evicted();
            }
            long tail = lane.tailAcquire();
            if (tail == position) {
                return false;
            }
            if (tail < position) {
                throw lane.damaged(position, "the tail is " + tail);
            }
            int bytes = tail - position > lane.capacity ? 0 : copyRecords(tail);
            if (bytes > 0) {
                return true;
            }
            if (bytes == 0) {
                skip(tail);
            }
        }
    }

    /**
     * Copies whole records from the position on.
     *
     * @return how many bytes; 0 if they were being overwritten, -1 if there was too little room for the copy, which is larger now
     */
    private int copyRecords(long tail) {
        int index = lane.index(position);
        int piece = (int) Math.min(Math.min(tail - position, lane.capacity - index), copy.capacity());
        copy.put(0, memory, lane.start + index, piece);
        if (lane.intactFrom() > position) {
            return 0;
        }
        int whole = 0;
        while (whole + Long.BYTES <= piece) {
            int bytes = lane.recordBytes(position + whole, RecordLayout.header(copy, whole));
            if (whole + bytes > piece) {
                if (whole == 0 && bytes <= tail - position && bytes <= lane.capacity - index) {
                    return whole(index, bytes);
                }
                break;
            }
            whole += bytes;
        }
        if (whole == 0) {
            throw lane.damaged(position, "a record ends behind the tail " + tail);
        }
        if (overtaken) {
            found();
        }
        copiedFrom = position;
        copiedTo = position + whole;
        return whole;
    }

    /** Prepares for a record that is longer than the copy; of padding the header is enough. */
    private int whole(int index, int bytes) {
        if (RecordLayout.type(RecordLayout.header(copy, 0)) == RecordLayout.PADDING) {
            copiedFrom = position;
            copiedTo = position + bytes;
            return bytes;
        }
        copy = newCopy(bytes);
        view = copy.asReadOnlyBuffer();
        copiedFrom = position;
        copiedTo = position;
        return -1;
    }

    /** Continues at a message that is not being overwritten. */
    private void skip(long tail) {
        if (isEvicted()) {
            throw evicted();
        }
        long from = lane.intactFrom() + lane.capacity - (long) lane.capacity / 4 * KEPT_FOURTHS;
        long next = lane.firstMarkFrom(lane.part(Math.max(from, 0)) + 1, tail);
        if (next < 0) {
            next = lane.lastMark(tail);
        }
        if (next > position) {
            position = next;
            copiedFrom = next;
            copiedTo = next;
            overtaken = true;
        } else if (lane.tailAcquire() == tail) {
            throw lane.damaged(position, "no message before the tail " + tail + " is intact");
        }
    }

    /** Counts what was missed: the number of the next message tells it. */
    private void found() {
        long next = RecordLayout.number(copy, 0);
        if (next < number) {
            throw lane.damaged(position, "message " + next + " is there (expected: message " + number + " or later)");
        }
        missed += next - number;
        number = next;
        overtaken = false;
    }

    private boolean isEvicted() {
        return evictable
                && ReceiverLayout.policy(Words.longAcquire(memory, ReceiverLayout.word(receiver)))
                        == ReceiverLayout.EVICTED;
    }

    private ReceiverEvictedException evicted() {
        long lag = Words.longOpaque(memory, ReceiverLayout.evictedLag(receiver));
        return new ReceiverEvictedException(
                "receiver of " + endpoint + " was evicted: it lagged " + lag + " B behind the sender (allowed: "
                        + Words.longOpaque(memory, ReceiverLayout.longestLag(receiver))
                        + "); close it and open another, with a greater lag or policy=block or dropOldest",
                lag);
    }
}
