package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The reading end of one receiver of a broadcast lane. Not thread-safe.
 *
 * <p>Crash points: {@code broadcast.handled}, {@code broadcast.released}.
 */
abstract class BroadcastReader {
    final BroadcastLane lane;
    final ByteBuffer memory;
    final int receiver;

    private final Runnable onRelease;

    /** The next record to pass on. */
    long position;
    /** The number of the next message. */
    long number;

    long received;
    long missed;

    /**
     * Creates the end of a receiver that has joined.
     *
     * @param receiver its slot
     * @param position from where it receives
     * @param onRelease called when there is more room for the sender
     */
    BroadcastReader(BroadcastLane lane, int receiver, long position, Runnable onRelease) {
        this.lane = lane;
        this.memory = lane.memory;
        this.receiver = receiver;
        this.onRelease = onRelease;
        this.position = position;
        long first = lane.numberAt(position);
        while (first < 0) {
            long tail = lane.tailAcquire();
            if (tail == this.position) {
                throw lane.damaged(tail, "the messages before it are overwritten");
            }
            this.position = tail; // the sender wrote a lap meanwhile
            first = lane.numberAt(tail);
        }
        this.number = first;
    }

    /** Returns whether {@link #read} would return messages or throw. */
    abstract boolean hasNext();

    /**
     * Passes the available messages to a handler.
     *
     * @return the number of messages
     * @throws ChannelCorruptException if the content of the lane is inconsistent
     */
    abstract int read(MessageHandler handler, int limit, Delivery when);

    /** Checks a message's number, which has no gaps. */
    final void checkNumber(long at, long found) {
        if (found != number) {
            throw lane.damaged(at, "message " + found + " is there (expected: message " + number + ")");
        }
    }

    /** Publishes how far this receiver is. */
    final void release() {
        CrashPoint.reach("broadcast.handled");
        Words.putLongOpaque(memory, ReceiverLayout.received(receiver), received);
        Words.putLongOpaque(memory, ReceiverLayout.missed(receiver), missed);
        Words.putLongRelease(memory, ReceiverLayout.cursor(receiver), position);
        CrashPoint.reach("broadcast.released");
        onRelease.run();
    }
}
