package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.ClaimWord;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;

/** A lane of an open channel: the block of one sender at a time. */
final class ChannelLane {
    final int block;
    final EndSlot senderSlot;
    final WaitWord senderWait;
    /** The lane in messages: the endpoint alone if there is no other lane. */
    final Object subject;

    private final ByteBuffer memory;
    private final int capacity;
    private final int longestMessage;

    ChannelLane(Region region, int block, int capacity, int longestMessage, Object subject) {
        this.block = block;
        this.longestMessage = longestMessage;
        this.capacity = capacity;
        this.subject = subject;
        this.memory = region.memory();
        this.senderSlot = ChannelLayout.slot(region, ChannelLayout.senderSlot(block));
        this.senderWait = new WaitWord(memory, ChannelLayout.senderWait(block), region.parking());
    }

    LaneWriter newWriter() {
        return new LaneWriter(memory, block, capacity, subject);
    }

    /** Returns a reader that wakes the sender of this lane when it releases something. */
    LaneReader newReader() {
        return new LaneReader(memory, block, capacity, longestMessage, subject, senderWait::wakeIfWaiting);
    }

    /**
     * Rejects a lane that was found damaged.
     *
     * @throws ChannelCorruptException if so
     */
    void checkSound() {
        long position = ChannelLayout.damagePosition(memory, block);
        if (position >= 0) {
            throw new ChannelCorruptException(
                    subject + " is damaged at position " + position + ", as was found before; delete it", position);
        }
    }

    /** Returns the claim of the sender, which is alive. */
    Optional<OpenClaim> openClaim() {
        long released = position(ChannelLayout.released(block));
        return ClaimWord.claim(Words.longOpaque(memory, ChannelLayout.claim(block)), released + backlogBytes());
    }

    /** Returns the bytes committed and not released: up to the published tail, and the few records behind it. */
    long backlogBytes() {
        long released = position(ChannelLayout.released(block));
        long backlog = position(ChannelLayout.tail(block)) - released;
        if (backlog < 0 || backlog > capacity) {
            backlog = 0; // the published tail lags behind released, or is damaged
        }
        // Both ends may be active, so each value is used only after a check.
        while (backlog < capacity) {
            int index = (int) (released + backlog) & (capacity - 1);
            long header = Words.longAcquire(memory, ChannelLayout.lane(block) + index);
            int bytes = header == 0 ? 0 : LaneLayout.checkedRecordBytes(header, index, capacity);
            if (bytes == 0) {
                break;
            }
            backlog += bytes;
        }
        return Math.min(backlog, capacity);
    }

    /** Returns a position, which is where a record can be whatever the word is. */
    private long position(int offset) {
        return Words.longOpaque(memory, offset) & -LaneLayout.ALIGNMENT;
    }
}
