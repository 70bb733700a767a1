package org.processmanager.stress;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The wake-up protocol of the ends of a channel, with the words of {@code WaitWord}: a receiver that goes to sleep
 * raises a flag, executes a barrier in all processes, and checks for a message; a sender commits and checks the flag,
 * without a fence. At least one must see the other, or a wake-up is lost.
 */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "at least one saw the other")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "a lost wake-up")
@State
public class SleeperNoticeStress {
    private static final Slab SLAB = new Slab(256);
    private static final int MESSAGE = 0;
    private static final int FLAG = 128;
    private static final boolean BARRIERS = Membarrier.register();

    private final ByteBuffer memory = SLAB.next();

    @Actor
    public void sender(II_Result result) {
        Words.putLongRelease(memory, MESSAGE, 1);
        if (!BARRIERS) {
            java.lang.invoke.VarHandle.fullFence();
        }
        result.r1 = Words.intOpaque(memory, FLAG);
    }

    @Actor
    public void sleeper(II_Result result) {
        Words.orInt(memory, FLAG, 1);
        if (BARRIERS) {
            Membarrier.globalExpedited();
        }
        result.r2 = (int) Words.longAcquire(memory, MESSAGE);
    }
}
