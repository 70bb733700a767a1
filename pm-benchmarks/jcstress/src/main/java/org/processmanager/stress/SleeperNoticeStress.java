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
 * How the ends of a channel notice each other, the words of {@code WaitWord}: who goes to sleep raises a flag, has a barrier
 * made in all processes, and looks for a message; who sends commits and looks at the flag, without a fence. Never may both
 * find nothing: the sleeper would miss its wake-up.
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
