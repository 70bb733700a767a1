package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectType;

/**
 * Layout of a one-to-one channel in a region, version 1. Offsets in bytes from the start of the object, native order; 128 bytes
 * for each group of words with one writer, because processors fetch lines of 64 bytes in pairs.
 *
 * <pre>
 *      0 +------------------------------+--------------------------------+
 *        | sender slot: owner         4 | 0    4 | owners so far        8 |   written when the owner changes
 *    128 +------------------------------+--------------------------------+
 *        | tail, may lag              8 |   written by the sender, for snapshots
 *    256 +------------------------------+--------------------------------+
 *        | receiver slot: owner       4 | 0    4 | owners so far        8 |   written when the owner changes
 *    384 +------------------------------+--------------------------------+
 *        | taken                      8 |   written by the receiver: where its successor continues
 *    512 +------------------------------+--------------------------------+
 *        | released                   8 |   written by the receiver: what the sender may overwrite
 *    640 +------------------------------+--------------------------------+
 *        | receiver's wait word       4 |   {@link WaitWord}
 *    768 +------------------------------+--------------------------------+
 *        | sender's wait word         4 |
 *    896 +------------------------------+--------------------------------+
 *        | damage: position + 1       8 |   0 if the channel is intact
 *   1024 +------------------------------+--------------------------------+
 *        | lane ({@link LaneLayout})                               capacity |
 *        +---------------------------------------------------------------+
 * </pre>
 *
 * <p>An owner is a participant of the region (slot and generation); 0 means free. Taken runs ahead of released by less than
 * the messages of one batch.
 */
final class ChannelLayout {
    static final ObjectType TYPE = ObjectType.of(16, "channel", 1, "capacity");
    static final String NAME = "channel";

    /** With less, the page of the region would have room for a lane twice as large, from which others infer the capacity. */
    static final int MIN_CAPACITY = 4096;

    static final int MAX_CAPACITY = LaneLayout.MAX_CAPACITY;

    private static final int SENDER_SLOT = 0;
    private static final int TAIL = 128;
    private static final int RECEIVER_SLOT = 256;
    private static final int TAKEN = 384;
    private static final int RELEASED = 512;
    private static final int RECEIVER_WAIT = 640;
    private static final int SENDER_WAIT = 768;
    private static final int DAMAGE = 896;
    private static final int LANE = 1024;

    private static final int SLOT_OWNER = 0;
    private static final int SLOT_OWNERS_SO_FAR = 8;

    private ChannelLayout() {}

    static long bytes(int capacity) {
        return (long) LANE + capacity;
    }

    static int senderSlot(int channel) {
        return channel + SENDER_SLOT;
    }

    static int receiverSlot(int channel) {
        return channel + RECEIVER_SLOT;
    }

    static int slotOwner(int slot) {
        return slot + SLOT_OWNER;
    }

    static int slotOwnersSoFar(int slot) {
        return slot + SLOT_OWNERS_SO_FAR;
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

    /** Returns the position of the damage, or -1. */
    static long damagePosition(ByteBuffer memory, int channel) {
        return Words.longVolatile(memory, channel + DAMAGE) - 1;
    }

    /** Records damage; the first record stays. */
    static void recordDamage(ByteBuffer memory, int channel, long position) {
        Words.casLong(memory, channel + DAMAGE, 0, position + 1);
    }
}
