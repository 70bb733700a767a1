package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectType;

/**
 * Layout of a one-to-one channel in a region, version 1. Offsets in bytes from the object's first, native order; a line of
 * 128 bytes for each that writes, since processors fetch lines of 64 in pairs.
 *
 * <pre>
 *      0 +------------------------------+--------------------------------+
 *        | sender's seat: owner       4 | 0    4 | how many had it      8 |   when it changes hands
 *    128 +------------------------------+--------------------------------+
 *        | tail, or a little before   8 | the sender's own, for others to look at
 *    256 +------------------------------+--------------------------------+
 *        | receiver's seat: owner     4 | 0    4 | how many had it      8 |   when it changes hands
 *    384 +------------------------------+--------------------------------+
 *        | taken                      8 | the receiver's own: where its successor begins
 *    512 +------------------------------+--------------------------------+
 *        | released                   8 | what the sender may overwrite; once a batch
 *    640 +------------------------------+--------------------------------+
 *        | receiver's wait word       4 | {@link WaitWord}
 *    768 +------------------------------+--------------------------------+
 *        | sender's wait word         4 |
 *    896 +------------------------------+--------------------------------+
 *        | damage: position + 1       8 | 0 while the channel is sound
 *   1024 +------------------------------+--------------------------------+
 *        | lane ({@link LaneLayout})                        capacity |
 *        +---------------------------------------------------------------+
 * </pre>
 *
 * <p>An owner is a participant of the region (slot and generation), 0 for nobody. Taken runs ahead of released by less than
 * the messages of one batch.
 */
final class ChannelLayout {
    static final ObjectType KIND = ObjectType.of(16, "channel", 1, "capacity");
    static final String NAME = "channel";

    /** Below it the region's page would leave room for a lane of twice the size, and others guess the capacity from it. */
    static final int MIN_CAPACITY = 4096;

    static final int MAX_CAPACITY = LaneLayout.MAX_CAPACITY;

    private static final int SENDER_SEAT = 0;
    private static final int TAIL = 128;
    private static final int RECEIVER_SEAT = 256;
    private static final int TAKEN = 384;
    private static final int RELEASED = 512;
    private static final int RECEIVER_WAIT = 640;
    private static final int SENDER_WAIT = 768;
    private static final int DAMAGE = 896;
    private static final int LANE = 1024;

    private static final int SEAT_OWNER = 0;
    private static final int SEAT_JOINED = 8;

    private ChannelLayout() {}

    static long bytes(int capacity) {
        return (long) LANE + capacity;
    }

    static int senderSeat(int channel) {
        return channel + SENDER_SEAT;
    }

    static int receiverSeat(int channel) {
        return channel + RECEIVER_SEAT;
    }

    static int seatOwner(int seat) {
        return seat + SEAT_OWNER;
    }

    static int seatJoined(int seat) {
        return seat + SEAT_JOINED;
    }

    static int tail(int channel) {
        return channel + TAIL;
    }

    static int taken(int channel) {
        return channel + TAKEN;
    }

    static int released(int channel) {
        return channel + RELEASED;
    }

    static int receiverWait(int channel) {
        return channel + RECEIVER_WAIT;
    }

    static int senderWait(int channel) {
        return channel + SENDER_WAIT;
    }

    static int lane(int channel) {
        return channel + LANE;
    }

    /** The position of the damage, or -1. */
    static long damagePosition(ByteBuffer memory, int channel) {
        return Words.longVolatile(memory, channel + DAMAGE) - 1;
    }

    /** Notes damage; the first note stays. */
    static void noteDamage(ByteBuffer memory, int channel, long position) {
        Words.casLong(memory, channel + DAMAGE, 0, position + 1);
    }
}
