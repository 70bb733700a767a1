package org.processmanager.benchmarks.fork.lock;

import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.Plan;
import org.processmanager.benchmarks.fork.Result;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.Samples;
import org.processmanager.benchmarks.fork.VerificationException;
import org.processmanager.benchmarks.fork.crew.Crew;

/**
 * Time from just before a release by one party until the other one, which slept, has acquired.
 *
 * <p>Semaphores: two, each party waits for its own and releases the other's. Mutexes, which only their owner may release: three
 * in a ring. Each party holds one and goes on by acquiring the next and releasing the one behind, so that each step of one
 * needs the last step of the other:
 * <pre>
 *   party 0 holds 0          acquires 1, releases 0          acquires 2, releases 1 ...
 *   party 1 holds 2                        acquires 0, releases 2          acquires 1, releases 0 ...
 * </pre>
 * Each holds for a while, so that the other surely sleeps.
 */
public final class HandOverProgram implements ForkProgram {
    private static final int STEPS = 100; // between two looks at the clock

    @Override
    public void run(Fields settings, Results results) throws Exception {
        HandOver here = new HandOver(settings);
        try (Crew crew = Crew.of(2, here.locks().crossesProcesses(), here, settings)) {
            for (int i = 0; i < crew.size(); i++) {
                crew.perform(i, Fields.of("do", "open"));
            }
            Plan plan = Plan.of(settings, 1);
            steps(crew, plan.warmUpNanos());
            crew.startMeters();
            Samples latencies = steps(crew, plan.measureNanos());
            crew.stopMeters();
            results.add(Result.of("", latencies).with(crew.used(), latencies.count()));
        }
    }

    private static Samples steps(Crew crew, long nanos) throws Exception {
        Samples latencies = new Samples();
        long start = System.nanoTime();
        do { // once in any case
            for (Fields answer : crew.perform(Fields.of("do", "steps", "count", STEPS))) {
                double[] points = Result.of(answer).points();
                VerificationException.expect("steps", STEPS - 1, points.length);
                latencies.addAll(points);
            }
        } while (System.nanoTime() - start < nanos);
        return latencies;
    }
}
