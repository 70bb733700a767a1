package org.processmanager.benchmarks.multiprocess.lock;

import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

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
public final class PingPongProgram implements ForkProgram {
    private static final int STEPS = 100; // between two looks at the clock

    @Override
    public void run(Params settings, Results results) throws Exception {
        PingPong here = new PingPong(settings);
        try (WorkerGroup workers = WorkerGroup.of(2, here.locks().crossesProcesses(), here, settings)) {
            for (int i = 0; i < workers.size(); i++) {
                workers.perform(i, Params.of("do", "open"));
            }
            Plan plan = Plan.of(settings, 1);
            steps(workers, plan.warmUpNanos());
            workers.startMeters();
            Samples latencies = steps(workers, plan.measureNanos());
            workers.stopMeters();
            results.add(Result.of("", latencies).with(workers.used(), latencies.count()));
        }
    }

    private static Samples steps(WorkerGroup workers, long nanos) throws Exception {
        Samples latencies = new Samples();
        long start = System.nanoTime();
        do { // once in any case
            for (Params answer : workers.perform(Params.of("do", "steps", "count", STEPS))) {
                double[] points = Result.of(answer).points();
                VerificationException.expect("steps", STEPS - 1, points.length);
                latencies.addAll(points);
            }
        } while (System.nanoTime() - start < nanos);
        return latencies;
    }
}
