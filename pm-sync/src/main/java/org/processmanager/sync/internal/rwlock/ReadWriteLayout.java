package org.processmanager.sync.internal.rwlock;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.mutex.MutexLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a read-write lock, version 2. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+----------------+
 *        | mutex of the writers ({@link MutexLayout})    128 |
 *    128 +------------------------------+----------------+
 *        | times closed 4 | closed    4 | pad         56 |   the gate: 1 if closed for readers
 *    192 +------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad         60 |   readers sleep here ({@link WakeWord})
 *    256 +------------------------------+----------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad         60 |   the writer sleeps here
 *    320 +------------------------------+----------------+
 *        | highest slot               4 | pad         60 |   of the participants that have read
 *    384 +------------------------------+----------------+
 *        | one cell for each participant slot, 64 bytes: |
 *        |   holds 4 | waiting threads 4 | participant 4 |
 *        +-----------------------------------------------+
 * </pre>
 */
public final class ReadWriteLayout {
    public static final int LAYOUT = 2;

    private static final int GATE = 128;
    private static final int READERS_WAKE_WORD = 192;
    private static final int WRITER_WAKE_WORD = 256;
    private static final int HIGHEST_SLOT = 320;
    private static final int CELLS = 384;
    private static final int CELL_BYTES = 64;
    private static final int HOLDS = 0;
    private static final int WAITING = 4;
    private static final int PARTICIPANT = 8;

    private ReadWriteLayout() {}

    /** Returns the bytes of a lock in a region with that number of participant slots. */
    public static int bytes(int slots) {
        return CELLS + slots * CELL_BYTES;
    }

    /** Returns how many slots a lock of that length has. */
    static int slots(int bytes) {
        return (bytes - CELLS) / CELL_BYTES;
    }

    static int readersWakeWord(int lock) {
        return lock + READERS_WAKE_WORD;
    }

    static int writerWakeWord(int lock) {
        return lock + WRITER_WAKE_WORD;
    }

    static boolean isClosed(long gate) {
        return (int) gate != 0;
    }

    static long closed(long gate) {
        return gate & -1L << Integer.SIZE | 1;
    }

    static long opened(long gate) {
        return (gate >>> Integer.SIZE) + 1 << Integer.SIZE;
    }

    static long gateVolatile(ByteBuffer region, int lock) {
        return Words.longVolatile(region, lock + GATE);
    }

    static boolean casGate(ByteBuffer region, int lock, long expected, long value) {
        return Words.casLong(region, lock + GATE, expected, value);
    }

    static int highestSlotVolatile(ByteBuffer region, int lock) {
        return Words.intVolatile(region, lock + HIGHEST_SLOT);
    }

    /** Raises the highest slot, and names the participant of the slot's cell. */
    static void enroll(ByteBuffer region, int lock, int slot, int participant) {
        Words.putIntVolatile(region, cell(lock, slot) + PARTICIPANT, participant);
        Words.raiseInt(region, lock + HIGHEST_SLOT, slot);
    }

    static int participantVolatile(ByteBuffer region, int lock, int slot) {
        return Words.intVolatile(region, cell(lock, slot) + PARTICIPANT);
    }

    /** Adds to the read holds of a participant; returns the new number. */
    static int addHolds(ByteBuffer region, int lock, int slot, int change) {
        return Words.addInt(region, cell(lock, slot) + HOLDS, change) + change;
    }

    static int holdsVolatile(ByteBuffer region, int lock, int slot) {
        return Words.intVolatile(region, cell(lock, slot) + HOLDS);
    }

    /** Adds to the threads of a participant that wait to read. */
    static void addWaiting(ByteBuffer region, int lock, int slot, int change) {
        Words.addInt(region, cell(lock, slot) + WAITING, change);
    }

    static int waitingVolatile(ByteBuffer region, int lock, int slot) {
        return Words.intVolatile(region, cell(lock, slot) + WAITING);
    }

    /** Clears the cell of a dead participant. */
    static void clearCell(ByteBuffer region, int lock, int slot) {
        Words.putIntVolatile(region, cell(lock, slot) + HOLDS, 0);
        Words.putIntVolatile(region, cell(lock, slot) + WAITING, 0);
    }

    private static int cell(int lock, int slot) {
        return lock + CELLS + (slot - 1) * CELL_BYTES;
    }
}
