package org.processmanager.ipc.internal.queue;

import org.processmanager.sync.internal.region.object.ObjectType;

/**
 * Layout of a queue in a region, version 1: its ends. Its messages are the items of the bounded buffer {@value #BUFFER} in the
 * same region. Offsets in bytes from the start of the object, native order.
 *
 * <pre>
 *     0 +------------------------+------------------------+
 *       | senders so far       8 | receivers so far     8 |
 *    16 +------------------------+------------------------+
 *       | 0                                           112 |
 *   128 +------------------------+------------------------+
 *       | ends: owner 4 | role 4                   8 each |   one per participant slot of the region, by its number
 *       +-------------------------------------------------+
 * </pre>
 *
 * <p>An owner is a participant of the region (slot and generation); 0 means none. Roles: 1 sender, 2 receiver.
 */
final class QueueLayout {
    static final ObjectType TYPE = ObjectType.of(18, "queue", 1, "messages", "max");

    /** The name of the bounded buffer. */
    static final String BUFFER = "messages";

    static final int SENDER = 1;
    static final int RECEIVER = 2;

    private static final int SENDERS_SO_FAR = 0;
    private static final int RECEIVERS_SO_FAR = 8;
    private static final int ENDS = 128;
    private static final int ROLE_SHIFT = 32;

    private QueueLayout() {}

    /** Returns the size of a queue in a region with that many participant slots, whose numbers start at 1. */
    static long bytes(int slots) {
        return ENDS + (slots + 1L) * Long.BYTES;
    }

    static int soFar(int queue, int role) {
        return queue + (role == SENDER ? SENDERS_SO_FAR : RECEIVERS_SO_FAR);
    }

    static int end(int queue, int slot) {
        return queue + ENDS + slot * Long.BYTES;
    }

    static long word(int owner, int role) {
        return (long) role << ROLE_SHIFT | owner & 0xffff_ffffL;
    }

    static int owner(long word) {
        return (int) word;
    }

    static int role(long word) {
        return (int) (word >>> ROLE_SHIFT);
    }
}
