package org.processmanager.ipc.internal.broadcast;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * The word on which all receivers of a channel sleep; the sender reads it after each commit.
 *
 * <pre>
 *   bit 0   WAITING  a receiver sleeps or is about to sleep; the waker clears the bit and wakes all
 *   bit 1   FENCED   sticky: a sleeper could not fence other processes, so they fence before they read the bits
 *   bits 2+          how often receivers were woken
 * </pre>
 *
 * <p>The protocol is that of {@link org.processmanager.ipc.internal.WaitWord}, for many sleepers. A sleeper leaves WAITING set
 * when it wakes up by itself, since others may sleep, which costs at most one useless wake-up. It sleeps only while the count
 * is that of the moment at which it set WAITING: another receiver may have set the bit again after a wake-up that this one
 * would miss.
 */
final class ReceiversWaitWord {
    private static final int WAITING = 1;
    private static final int FENCED = 1 << 1;
    private static final int ONE_WAKE_UP = 1 << 2;
    private static final boolean BARRIERS = Membarrier.register();

    private final ByteBuffer memory;
    private final int word;
    private final Parking parking;

    ReceiversWaitWord(ByteBuffer memory, int word, Parking parking) {
        this.memory = memory;
        this.word = word;
        this.parking = parking;
    }

    /**
     * Sleeps one slice, unless a condition holds or the sender wakes all.
     *
     * @param ready the condition, checked after the sender can see that this receiver is about to sleep
     * @throws IllegalStateException if the region is closed
     */
    void sleepUnless(Spin.Condition ready, long nanos) {
        int bits = BARRIERS ? WAITING : WAITING | FENCED;
        int seen = Words.orInt(memory, word, bits) | bits;
        if (BARRIERS) {
            Membarrier.globalExpedited();
        }
        if (!ready.holds()) {
            parking.await(word, seen, nanos);
        }
    }

    /** Wakes the sleepers if there are any. Otherwise it only reads a cache line that rarely changes. */
    void wakeIfWaiting() {
        if (!BARRIERS) {
            VarHandle.fullFence();
        }
        if ((Words.intOpaque(memory, word) & (WAITING | FENCED)) != 0) {
            wake();
        }
    }

    /** Wakes the sleepers if there are any, after any change that they may wait for. */
    void wake() {
        VarHandle.fullFence();
        while (true) {
            int seen = Words.intVolatile(memory, word);
            if ((seen & WAITING) == 0) {
                return;
            }
            if (Words.casInt(memory, word, seen, (seen & ~WAITING) + ONE_WAKE_UP)) {
                parking.wakeAll(word);
                return;
            }
        }
    }
}
