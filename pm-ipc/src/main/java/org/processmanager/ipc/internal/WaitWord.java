package org.processmanager.ipc.internal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * The word on which one end of a channel sleeps. The other end reads it after each step that may end the sleep.
 *
 * <pre>
 *   bit 0  WAITING  the end sleeps or is about to sleep; the other end clears the bit and wakes it
 *   bit 1  FENCED   sticky: a sleeper could not fence other processes, so they fence before they read the bits
 * </pre>
 *
 * <p>A sleeper sets WAITING, executes a membarrier on <em>all</em> processes, checks its condition, and sleeps. The other end
 * commits and then reads the word, without a fence of its own. Either the barrier ran before that read, which then sees
 * WAITING, or after it, and then the sleeper sees the commit. If the kernel has no membarrier, the sleeper also sets FENCED,
 * and a process that does not take part in barriers fences each time. A wake-up that is lost nevertheless (the waker was
 * killed, or FENCED was not seen yet) costs one slice of the sleep.
 *
 * <p>This is the asymmetric form of Dekker's protocol, with a heavy and a light side (Dice, Huang, Yang).
 */
public final class WaitWord {
    private static final int WAITING = 1;
    private static final int FENCED = 1 << 1;
    private static final boolean BARRIERS = Membarrier.register();

    private final ByteBuffer memory;
    private final IntBuffer ints;
    private final int word;
    private final Parking parking;

    public WaitWord(ByteBuffer memory, int word, Parking parking) {
        this.memory = memory;
        this.ints = HotWords.ints(memory);
        this.word = word;
        this.parking = parking;
    }

    /** Returns whether a word says that its end sleeps or is about to sleep. */
    public static boolean isWaiting(int word) {
        return (word & WAITING) != 0;
    }

    /**
     * Sleeps one slice, unless a condition holds or the other end wakes this one.
     *
     * @param ready the condition, checked after the other end can see that this one is about to sleep
     * @throws IllegalStateException if the region is closed
     */
    public void sleepUnless(Spin.Condition ready, long nanos) {
        Words.orInt(memory, word, BARRIERS ? WAITING : WAITING | FENCED);
        if (BARRIERS) {
            Membarrier.globalExpedited();
        }
        try {
            if (!ready.holds()) {
                int seen = Words.intVolatile(memory, word);
                if ((seen & WAITING) != 0) {
                    parking.await(word, seen, nanos);
                }
            }
        } finally {
            clearWaiting();
        }
    }

    /** Wakes the sleeper if there is one. Otherwise it only reads a cache line that rarely changes. */
    public void wakeIfWaiting() {
        if (!BARRIERS) {
            VarHandle.fullFence();
        }
        if (HotWords.intAfterStores(ints, word) != 0) {
            wake();
        }
    }

    /** Wakes the sleeper if there is one, after any change that it may wait for. */
    public void wake() {
        VarHandle.fullFence();
        if (clearWaiting()) {
            parking.wake(word, 1);
        }
    }

    private boolean clearWaiting() {
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
