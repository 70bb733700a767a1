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
 * Time from just before a release by one worker until the other one, which slept, has acquired.
 *
 * <p>Semaphores: two, each worker acquires its own and releases the other's. Mutexes, which only their owner may
 * release: three in a ring. Each worker holds one; it acquires the next and then releases the previous one, so each
 * step of one worker needs the last step of the other:
 * <pre>
 *   worker 0 holds 0         acquires 1, releases 0          acquires 2, releases 1 ...
 *   worker 1 holds 2                        acquires 0, releases 2          acquires 1, releases 0 ...
 * </pre>
 * Each holds for a while, so that the other one is asleep.
 */
public final class PingPongProgram implements ForkProgram {
    private static final int STEPS = 100; // between two checks of the time

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
        do { // at least once
            for (Params answer : workers.perform(Params.of("do", "steps", "count", STEPS))) {
                double[] points = Result.of(answer).points();
                VerificationException.expect("steps", STEPS - 1, points.length);
                latencies.addAll(points);
            }
        } while (System.nanoTime() - start < nanos);
        return latencies;
    }
}
