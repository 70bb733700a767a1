package org.processmanager.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMutex;

/** Two participants increment a plain counter under one mutex: it excludes, and earlier writes are visible. */
@JCStressTest
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "mutual exclusion or visibility is broken")
@State
public class SharedMutexStress {
    private static final TwoHandles REGION = new TwoHandles();
    private static final SharedMutex FIRST = REGION.first.mutex("mutex");
    private static final SharedMutex SECOND = REGION.second.mutex("mutex");

    private int before;
    private int after;

    @Actor
    public void first() {
        count(FIRST);
    }

    @Actor
    public void second() {
        count(SECOND);
    }

    private void count(SharedMutex mutex) {
        try (Hold hold = mutex.acquire()) {
            before++;
            after++;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Arbiter
    public void both(II_Result result) {
        result.r1 = before;
        result.r2 = after;
    }
}
