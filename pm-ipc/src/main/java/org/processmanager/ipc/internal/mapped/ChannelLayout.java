package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Layout of a channel in a region, version 3: lanes, one for each sender at a time, to one receiver. Offsets in bytes from the
 * start of a lane's block, native order; 128 bytes for each group of words with one writer, because processors fetch lines of 64
 * bytes in pairs. The blocks follow each other. What belongs to the whole channel is in the first one and unused in the others.
 *
 * <pre>
 *      0 +------------------------------+--------------------------------+
 *        | sender slot: owner         4 | 0    4 | owners so far        8 |   written when the owner changes
 *    128 +------------------------------+--------------------------------+
 *        | tail, may lag              8 | claim                        8 |   written by the sender, for snapshots
 *    256 +------------------------------+--------------------------------+
 *        | receiver slot: owner       4 | 0    4 | owners so far        8 |   written when the owner changes; first block
 *    384 +------------------------------+--------------------------------+
 *        | taken                      8 |   written by the receiver: where its successor continues
 *    512 +------------------------------+--------------------------------+
 *        | released                   8 |   written by the receiver: what the sender may overwrite
 *    640 +------------------------------+--------------------------------+
 *        | receiver's wait word       4 |   {@link WaitWord}; first block
 *    768 +------------------------------+--------------------------------+
 *        | sender's wait word         4 |
 *    896 +------------------------------+--------------------------------+
 *        | damage: position + 1       8 |   0 if the lane is intact
 *   1024 +------------------------------+--------------------------------+
 *        | lane ({@link LaneLayout})                               capacity |
 *        +---------------------------------------------------------------+
 * </pre>
 *
 * <p>An owner is a participant of the region (slot and generation); 0 means free. Taken runs ahead of released by less than
 * the messages of one batch. Positions count for each lane by itself.
 */
final class ChannelLayout {
    static final ObjectType TYPE = ObjectType.of(16, "channel", 3, "capacity", "senders", "max");

    /** With less, the page of the region would have room for a lane twice as large, from which others infer the capacity. */
    static final int MIN_CAPACITY = 4096;

    static final int MAX_CAPACITY = LaneLayout.MAX_CAPACITY;

    static final int MAX_SENDERS = 64;

    private static final int SENDER_SLOT = 0;
    private static final int TAIL = 128;
    private static final int CLAIM = 136;
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

    static long bytes(int capacity, int senders) {
        return (long) senders * (LANE + capacity);
    }

    /** Returns the offset of the block of a lane. */
    static int block(int channel, int capacity, int lane) {
        return channel + lane * (LANE + capacity);
    }

    /** Returns whether an object has a shape that this layout can have. */
    static boolean isSound(RegionObject object) {
        int capacity = object.dimension(0);
        int senders = object.dimension(1);
        return capacity >= MIN_CAPACITY
                && Integer.bitCount(capacity) == 1
                && senders >= 1
                && senders <= MAX_SENDERS
                && object.dimension(2) >= 1
                && object.bytes() == bytes(capacity, senders);
    }

    static int senderSlot(int block) {
        return block + SENDER_SLOT;
    }

    static int receiverSlot(int channel) {
        return channel + RECEIVER_SLOT;
    }

    static EndSlot slot(Region region, int slot) {
        return new EndSlot(region, slotOwner(slot), slotOwnersSoFar(slot));
    }

    static int slotOwner(int slot) {
        return slot + SLOT_OWNER;
    }

    static int slotOwnersSoFar(int slot) {
        return slot + SLOT_OWNERS_SO_FAR;
    }

    static int tail(int block) {
        return block + TAIL;
    }

    /** Returns the offset of the {@link org.processmanager.ipc.internal.channel.ClaimWord}. */
    static int claim(int block) {
        return block + CLAIM;
    }

    static int taken(int block) {
        return block + TAKEN;
    }

    static int released(int block) {
        return block + RELEASED;
    }

    static int receiverWait(int channel) {
        return channel + RECEIVER_WAIT;
    }

    static int senderWait(int block) {
        return block + SENDER_WAIT;
    }

    static int lane(int block) {
        return block + LANE;
    }

    /** Returns the position of the damage of a lane, or -1. */
    static long damagePosition(ByteBuffer memory, int block) {
        return Words.longVolatile(memory, block + DAMAGE) - 1;
    }

    /** Records damage; the first record stays. */
    static void recordDamage(ByteBuffer memory, int block, long position) {
        Words.casLong(memory, block + DAMAGE, 0, position + 1);
    }
}
