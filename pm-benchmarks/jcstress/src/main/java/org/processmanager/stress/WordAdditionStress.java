package org.processmanager.stress;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.processmanager.sync.internal.region.layout.Words;

/** Additions to one word, as {@code SharedLong} does: each returns a different value, none is lost or torn. */
@JCStressTest
@Outcome(
        id = {"0, 4294967297", "4294967297, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "sequential")
@Outcome(expect = Expect.FORBIDDEN, desc = "an addition was lost or torn")
@State
public class WordAdditionStress {
    private static final Slab SLAB = new Slab(64);
    private static final long BOTH_HALVES = 1L << 32 | 1;

    private final ByteBuffer memory = SLAB.next();

    @Actor
    public void first(JJ_Result result) {
        result.r1 = Words.addLong(memory, 0, BOTH_HALVES);
    }

    @Actor
    public void second(JJ_Result result) {
        result.r2 = Words.addLong(memory, 0, BOTH_HALVES);
    }
}
