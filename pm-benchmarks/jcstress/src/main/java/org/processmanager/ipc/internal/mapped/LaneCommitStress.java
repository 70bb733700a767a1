package org.processmanager.ipc.internal.mapped;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Messages that are being written: the reader sees each one complete and in order, or not yet. */
@JCStressTest
@Outcome(
        id = {"0", "5", "56", "567"},
        expect = Expect.ACCEPTABLE,
        desc = "committed messages only")
@Outcome(expect = Expect.FORBIDDEN, desc = "a header before its payload, or a hole")
@State
public class LaneCommitStress {
    private final StressedLane lane = new StressedLane();

    @Actor
    public void writer() {
        lane.write(5);
        lane.write(6);
        lane.write(7);
    }

    @Actor
    public void reader(I_Result result) {
        result.r1 = lane.read(StressedLane.MESSAGES);
    }
}
