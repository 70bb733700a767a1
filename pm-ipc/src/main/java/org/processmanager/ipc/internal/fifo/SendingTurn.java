package org.processmanager.ipc.internal.fifo;

import org.processmanager.core.internal.posix.OfdLocks;

/**
 * The right to send a message of several frames. At most {@value #COUNT} senders have one at a time, so that the messages that
 * a receiver must reassemble at once are few, however many senders there are; the other senders wait, as they do for room.
 *
 * <p>A turn is a locked byte of the FIFO, from 1 on, which the kernel unlocks if its owner dies. A sender has it from before
 * its first frame until after its last. One that gives up midway first takes another id: a receiver then finds no sender of
 * the old id alive, and discards the beginning.
 */
final class SendingTurn {
    static final int COUNT = 4;

    private static final long NONE = 0;

    private long taken = NONE;

    /** Takes a turn on a FIFO if one is free. */
    boolean tryTake(int fd) {
        for (long turn = 1; turn <= COUNT && taken == NONE; turn++) {
            if (OfdLocks.tryLock(fd, turn, 1)) {
                taken = turn;
            }
        }
        return taken != NONE;
    }

    /** Gives the turn back, if it was taken. */
    void giveBack(int fd) {
        if (taken != NONE) {
            long turn = taken;
            taken = NONE;
            OfdLocks.unlock(fd, turn, 1);
        }
    }

    /** Forgets the turn: its descriptor was closed. */
    void forget() {
        taken = NONE;
    }
}
