package org.processmanager.ipc.internal.mapped;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * The word on which one end of a channel sleeps, and which the other reads after each step that the sleeper may wait for.
 *
 * <pre>
 *   bit 0  WAITING  the end sleeps, or is about to; who takes it to 0 wakes it
 *   bit 1  FENCED   for ever: there was a sleeper that cannot fence the others; fence before the bits are read
 * </pre>
 *
 * <p>The steps: a sleeper raises WAITING, fences <em>all</em> processes by a membarrier, looks whether there is something to
 * do, and sleeps. The other end commits, then reads the word, without a fence of its own: either the barrier found it before
 * that read, and it reads WAITING; or after it, and then the commit was visible when the sleeper looked. Where the kernel
 * has no membarrier, the sleeper raises FENCED as well, and a process that takes no part in barriers fences itself each time.
 * A wake-up that is lost all the same (its owner was killed, or FENCED was not yet seen) costs one slice of the sleep.
 *
 * <p>The asymmetric form of Dekker's protocol, as in the flag principle with a heavy and a light side (Dice, Huang, Yang).
 */
final class WaitWord {
    private static final int WAITING = 1;
    private static final int FENCED = 1 << 1;
    private static final boolean BARRIERS = Membarrier.register();

    private final ByteBuffer memory;
    private final int word;
    private final Parking parking;

    WaitWord(ByteBuffer memory, int word, Parking parking) {
        this.memory = memory;
        this.word = word;
        this.parking = parking;
    }

    /**
     * Sleeps one slice, unless there is something to do or the other end wakes this one.
     *
     * @param ready whether there is something to do; asked when the other end can see that this one is about to sleep
     * @throws IllegalStateException if the region is closed
     */
    void sleepUnless(BooleanSupplier ready, long nanos) {
        Words.orInt(memory, word, BARRIERS ? WAITING : WAITING | FENCED);
        if (BARRIERS) {
            Membarrier.globalExpedited();
        }
        try {
            if (!ready.getAsBoolean()) {
                int seen = Words.intVolatile(memory, word);
                if ((seen & WAITING) != 0) {
                    parking.await(word, seen, nanos);
                }
            }
        } finally {
            takeWaiting();
        }
    }

    /** Wakes the sleeper if there is one. A read of a line that rarely changes, if there is none. */
    void wakeIfWaiting() {
        if (!BARRIERS) {
            VarHandle.fullFence();
        }
        if (Words.intOpaque(memory, word) != 0) {
            wake();
        }
    }

    /** Wakes the sleeper if there is one, after any change that it may wait for. */
    void wake() {
        VarHandle.fullFence();
        if (takeWaiting()) {
            parking.wake(word, 1);
        }
    }

    private boolean takeWaiting() {
        while (true) {
            int seen = Words.intVolatile(memory, word);
            if ((seen & WAITING) == 0) {
                return false;
            }
            if (Words.casInt(memory, word, seen, seen & ~WAITING)) {
                return true;
            }
        }
    }
}
