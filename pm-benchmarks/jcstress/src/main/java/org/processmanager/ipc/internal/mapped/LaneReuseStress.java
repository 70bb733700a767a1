package org.processmanager.ipc.internal.mapped;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A full lane whose reader frees space while the writer continues: nothing is overwritten before it was read. */
@JCStressTest
@Outcome(
        id = {"123, 0, 0", "123, 4, 4", "123, 45, 45", "1234, 4, 0", "1234, 45, 5", "12345, 45, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "every message, once, in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, overwritten or read twice")
@State
public class LaneReuseStress {
    private final StressedLane lane = new StressedLane();

    public LaneReuseStress() {
        for (int message = 1; message <= StressedLane.MESSAGES; message++) {
            if (!lane.write(message)) {
                throw new IllegalStateException("no room for message " + message);
            }
        }
        if (lane.write(9)) {
            throw new IllegalStateException("room in a full lane");
        }
    }

    @Actor
    public void writer(III_Result result) {
        int written = 0;
        for (int message = 4; message <= 5 && lane.write(message); message++) {
            written = written * 10 + message;
        }
        result.r2 = written;
    }

    @Actor
    public void reader(III_Result result) {
        result.r1 = lane.read(10);
    }

    @Arbiter
    public void rest(III_Result result) {
        result.r3 = lane.read(10);
    }
}
