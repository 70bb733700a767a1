package org.processmanager.ipc.internal.mapped;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Three messages in one batch: the reader sees all of them or none. */
@JCStressTest
@Outcome(
        id = {"0", "567"},
        expect = Expect.ACCEPTABLE,
        desc = "the batch was committed or not")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of the batch")
@State
public class LaneBatchStress {
    private final StressedLane lane = new StressedLane();

    @Actor
    public void writer() {
        lane.append(5);
        lane.append(6);
        lane.append(7);
        lane.writer.commitBatch();
    }

    @Actor
    public void reader(I_Result result) {
        result.r1 = lane.read(StressedLane.MESSAGES);
    }
}
