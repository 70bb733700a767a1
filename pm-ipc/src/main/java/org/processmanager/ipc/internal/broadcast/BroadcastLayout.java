package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectType;

/**
 * Layout of a broadcast channel in a region, version 1. Offsets in bytes from the start of the object, native order; 128 bytes
 * for each group of words with one writer, because processors fetch lines of 64 bytes in pairs.
 *
 * <pre>
 *      0 +------------------------------+--------------------------------+
 *        | sender: owner              4 | 0    4 | owners so far        8 |   written when the owner changes
 *    128 +------------------------------+--------------------------------+
 *        | intent                     8 | tail                         8 |   written by the sender
 *    144 | claim                      8 | 0                          104 |
 *    256 +------------------------------+--------------------------------+
 *        | receivers' wait word       4 |   {@link ReceiversWaitWord}
 *    384 +------------------------------+--------------------------------+
 *        | sender's wait word         4 |   {@link WaitWord}
 *    512 +------------------------------+--------------------------------+
 *        | damage: position + 1       8 |   0 if the channel is intact
 *    640 +------------------------------+--------------------------------+
 *        | marks: 256 positions                                      2048 |   written by the sender
 *   2688 +---------------------------------------------------------------+
 *        | receivers ({@link ReceiverLayout})                       256 each |
 *        +---------------------------------------------------------------+
 *        | lane ({@link RecordLayout})                              capacity |
 *        +---------------------------------------------------------------+
 * </pre>
 *
 * <p>An owner is a participant of the region (slot and generation); 0 means free. Positions count bytes from the first record
 * ever written; the offset in the lane is the position modulo the capacity, a power of two. The tail is the end of the
 * committed records. The intent is how far the sender may have written: what lies a capacity behind it may be overwritten.
 * Mark i is the first message that starts in the latest part of the lane whose number (position / (capacity / 256)) is i modulo
 * 256; it is one if it lies in that part and before the tail. A sender that continues a lane clears the marks from the tail on.
 */
final class BroadcastLayout {
    static final ObjectType TYPE = ObjectType.of(17, "broadcast", 1, "capacity", "receivers");

    static final int MIN_CAPACITY = 4096;
    static final int MAX_CAPACITY = 1 << 30;
    static final int MAX_RECEIVERS = 64;
    static final int MARKS = 256;

    private static final int SENDER = 0;
    private static final int INTENT = 128;
    private static final int TAIL = 136;
    private static final int CLAIM = 144;
    private static final int RECEIVERS_WAIT = 256;
    private static final int SENDER_WAIT = 384;
    private static final int DAMAGE = 512;
    private static final int MARK = 640;
    private static final int RECEIVERS = 2688;

    private static final int OWNERS_SO_FAR = 8;

    private BroadcastLayout() {}

    static long bytes(int capacity, int receivers) {
        return (long) lane(0, receivers) + capacity;
    }

    static int senderOwner(int channel) {
        return channel + SENDER;
    }

    static int sendersSoFar(int channel) {
        return channel + SENDER + OWNERS_SO_FAR;
    }

    static int intent(int channel) {
        return channel + INTENT;
    }

    /** Returns the offset of the {@link org.processmanager.ipc.internal.channel.ClaimWord}. */
    static int claim(int channel) {
        return channel + CLAIM;
    }

    static int tail(int channel) {
        return channel + TAIL;
    }

    static int receiversWait(int channel) {
        return channel + RECEIVERS_WAIT;
    }

    static int senderWait(int channel) {
        return channel + SENDER_WAIT;
    }

    static int mark(int channel, long part) {
        return channel + MARK + ((int) part & MARKS - 1) * Long.BYTES;
    }

    static int receiver(int channel, int index) {
        return channel + RECEIVERS + index * ReceiverLayout.BYTES;
    }

    static int lane(int channel, int receivers) {
        return channel + RECEIVERS + receivers * ReceiverLayout.BYTES;
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
