package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a semaphore with one count, version 2. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +-----------------------------------------------+
 *        | word                       8 | pad         56 |
 *     64 +-----------------------------------------------+
 *        | highest slot               4 | pad         60 |   if fair: of the participants that have opened it
 *    128 +-----------------------------------------------+
 *        | if fair, a cell for each participant slot:    |
 *        |   place 8 | WAITERS 1 bit, sequence 31 4 | 0 4 |   the futex of the participant ({@link WakeWord})
 *        +-----------------------------------------------+
 *
 *   word   63                      32 31      30                            0
 *         +--------------------------+---------+-----------------------------+
 *         | tickets drawn            | WAITERS | permits                     |   unless fair, the low half is the futex
 *         +--------------------------+---------+-----------------------------+
 *
 *   place  63                      32 31   29 28        16 15               0
 *         +--------------------------+-------+-----------+------------------+
 *         | ticket                   | state | slot      | generation       |   0: the participant does not wait
 *         +--------------------------+-------+-----------+------------------+
 * </pre>
 *
 * <p>WAITERS is a hint that there may be sleepers in the kernel; if fair, that threads are queued. It is a bit, since a count
 * would never lose killed sleepers.
 *
 * <p>States of a place: 0 ARRIVING (its ticket is not drawn yet, or not written), 1 QUEUED, 2 PASSED OVER (it did not take its
 * permit in time).
 */
public final class SemaphoreLayout {
    public static final int LAYOUT = 2;

    static final long WAITERS = 1L << 31;
    static final int MAX_PERMITS = Integer.MAX_VALUE;

    static final int ARRIVING = 0;
    static final int QUEUED = 1;
    static final int PASSED_OVER = 2;

    private static final int WORD = 0;
    private static final int HIGHEST_SLOT = 64;
    private static final int CELLS = 128;
    private static final int CELL_BYTES = 16;
    private static final int PLACE = 0;
    private static final int WAKE_WORD = 8;
    private static final int STATE_SHIFT = 29;
    private static final int PARTICIPANT_MASK = (1 << STATE_SHIFT) - 1;

    private SemaphoreLayout() {}

    /** Returns the bytes of a semaphore; with a number of participant slots if it is fair, else with 0. */
    public static int bytes(int slots) {
        return CELLS + slots * CELL_BYTES;
    }

    /** Returns how many slots a semaphore of that length has. */
    static int slots(int bytes) {
        return (bytes - CELLS) / CELL_BYTES;
    }

    /** Returns the number of permits in a word. */
    public static int permits(long word) {
        return (int) word & MAX_PERMITS;
    }

    /** Returns the word of as many permits and tickets, with that number of permits more. */
    static long withPermits(long word, int more) {
        return word + more;
    }

    static boolean hasWaiters(long word) {
        return (word & WAITERS) != 0;
    }

    static long withoutWaiters(long word) {
        return word & ~WAITERS;
    }

    /** Returns the word after a ticket was drawn, which is {@link #ticket} of it. */
    static long withNextTicket(long word) {
        return word + (1L << Integer.SIZE) | WAITERS;
    }

    /** Returns the ticket in a word or a place. */
    static int ticket(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    /** Returns the offset of the futex of a semaphore that is not fair. */
    static int futex(int semaphore) {
        return semaphore + WORD + Words.LOW_HALF;
    }

    public static long wordVolatile(ByteBuffer region, int semaphore) {
        return Words.longVolatile(region, semaphore + WORD);
    }

    static boolean casWord(ByteBuffer region, int semaphore, long expected, long value) {
        return Words.casLong(region, semaphore + WORD, expected, value);
    }

    /** Writes the permits of a semaphore that is not published yet. */
    public static void initializePlain(ByteBuffer region, int semaphore, int permits) {
        Words.putLongPlain(region, semaphore + WORD, permits);
    }

    // ---- of a fair semaphore

    static int highestSlotVolatile(ByteBuffer region, int semaphore) {
        return Words.intVolatile(region, semaphore + HIGHEST_SLOT);
    }

    static void raiseHighestSlot(ByteBuffer region, int semaphore, int slot) {
        Words.raiseInt(region, semaphore + HIGHEST_SLOT, slot);
    }

    static long place(int ticket, int state, int participant) {
        return (long) ticket << Integer.SIZE | Integer.toUnsignedLong(state << STATE_SHIFT) | participant;
    }

    static int state(long place) {
        return (int) place >>> STATE_SHIFT;
    }

    static int participant(long place) {
        return (int) place & PARTICIPANT_MASK;
    }

    static long placeVolatile(ByteBuffer region, int semaphore, int slot) {
        return Words.longVolatile(region, cell(semaphore, slot) + PLACE);
    }

    static boolean casPlace(ByteBuffer region, int semaphore, int slot, long expected, long value) {
        return Words.casLong(region, cell(semaphore, slot) + PLACE, expected, value);
    }

    static int wakeWord(int semaphore, int slot) {
        return cell(semaphore, slot) + WAKE_WORD;
    }

    private static int cell(int semaphore, int slot) {
        return semaphore + CELLS + (slot - 1) * CELL_BYTES;
    }
}
