package org.processmanager.ipc.internal.broadcast;

/**
 * Layout of a receiver of a broadcast channel. Offsets in bytes, native order.
 *
 * <pre>
 *     0 +------------------------------+--------------------------------+
 *       | owner 4 | policy           4 | longest lag                  8 |   one word, and what it is joined with
 *    16 +------------------------------+--------------------------------+
 *       | lag when it was evicted    8 | 0                          104 |
 *   128 +------------------------------+--------------------------------+
 *       | cursor                     8 | messages received            8 |   written by the receiver
 *   144 +------------------------------+--------------------------------+
 *       | messages missed            8 | 0                          104 |
 *       +------------------------------+--------------------------------+
 * </pre>
 *
 * <p>Policies: 0 the owner is joining, 1 block, 2 drop oldest, 3 evict, 4 evicted. The sender changes 3 to 4; everything else
 * is changed by the owner, or by a process that has proof of its death.
 */
final class ReceiverLayout {
    static final int BYTES = 256;

    static final int JOINING = 0;
    static final int BLOCK = 1;
    static final int DROP_OLDEST = 2;
    static final int EVICT = 3;
    static final int EVICTED = 4;

    private static final int WORD = 0;
    private static final int LONGEST_LAG = 8;
    private static final int EVICTED_LAG = 16;
    private static final int CURSOR = 128;
    private static final int RECEIVED = 136;
    private static final int MISSED = 144;

    private static final int POLICY_SHIFT = 32;

    private ReceiverLayout() {}

    static int word(int receiver) {
        return receiver + WORD;
    }

    static int longestLag(int receiver) {
        return receiver + LONGEST_LAG;
    }

    static int evictedLag(int receiver) {
        return receiver + EVICTED_LAG;
    }

    static int cursor(int receiver) {
        return receiver + CURSOR;
    }

    static int received(int receiver) {
        return receiver + RECEIVED;
    }

    static int missed(int receiver) {
        return receiver + MISSED;
    }

    static long word(int owner, int policy) {
        return (long) policy << POLICY_SHIFT | owner & 0xffff_ffffL;
    }

    static int owner(long word) {
        return (int) word;
    }

    static int policy(long word) {
        return (int) (word >>> POLICY_SHIFT);
    }
}
