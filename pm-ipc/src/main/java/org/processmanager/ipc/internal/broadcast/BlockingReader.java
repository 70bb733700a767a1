package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;

/** A receiver that the sender waits for: it passes on the messages where they are. */
final class BlockingReader extends BroadcastReader {
    /** The lane is released at least this often per lap, so that the sender need not wait for the end of a long batch. */
    private static final int RELEASES_PER_LAP = 8;

    private final ByteBuffer view;
    private long released;
    private long tail;

    BlockingReader(BroadcastLane lane, int receiver, long position, Runnable onRelease) {
        super(lane, receiver, position, onRelease);
        view = memory.slice(lane.start, lane.capacity).asReadOnlyBuffer();
        tail = this.position;
        released = this.position;
    }

    @Override
    boolean hasNext() {
        return position < tail || lane.tailAcquire() != tail;
    }

    @Override
    int read(MessageHandler handler, int limit, Delivery when) {
        boolean before = when == Delivery.AT_MOST_ONCE;
        int read = 0;
        try {
            while (read < limit) {
                if (position == tail) {
                    tail = lane.tailAcquire();
                    if (position == tail) {
                        break;
                    }
                    if (tail < position || tail - released > lane.capacity) {
                        throw lane.damaged(position, "the tail is " + tail);
                    }
                }
                long at = position;
                long header = RecordLayout.header(memory, lane.offset(at));
                long next = at + lane.recordBytes(at, header);
                if (next > tail) {
                    throw lane.damaged(at, "a record ends at " + next + ", behind the tail " + tail);
                }
                if (RecordLayout.type(header) == RecordLayout.PADDING) {
                    position = next;
                    continue;
                }
                checkNumber(at, RecordLayout.number(memory, lane.offset(at)));
                if (before) {
                    pass(next);
                }
                view.clear().order(ByteOrder.BIG_ENDIAN);
                handler.onMessage(view, lane.index(at) + RecordLayout.HEADER_BYTES, RecordLayout.length(header));
                if (!before) {
                    pass(next);
                }
                read++;
                if (next - released >= lane.capacity / RELEASES_PER_LAP) {
                    releaseRoom();
                }
            }
        } finally {
            if (position != released) {
                releaseRoom();
            }
        }
        return read;
    }

    private void pass(long next) {
        position = next;
        number++;
        received++;
    }

    private void releaseRoom() {
        released = position;
        release();
    }
}
