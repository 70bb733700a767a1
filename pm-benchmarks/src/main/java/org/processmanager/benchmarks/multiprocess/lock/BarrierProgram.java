package org.processmanager.benchmarks.multiprocess.lock;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

/** Microseconds per round of four workers that meet at a barrier; a sample is the mean of a hundred rounds. */
public final class BarrierProgram implements ForkProgram {
    private static final int ROUNDS = 100; // between two checks of the time

    @Override
    public void run(Params settings, Results results) throws Exception {
        Meeting here = new Meeting(settings);
        try (WorkerGroup workers =
                WorkerGroup.of(Meeting.WORKERS, here.barriers().crossesProcesses(), here, settings)) {
            for (int i = 0; i < workers.size(); i++) {
                workers.perform(i, Params.of("do", "open"));
            }
            Plan plan = Plan.of(settings, 1);
            rounds(workers, plan.warmUpNanos());
            workers.startMeters();
            Samples perRound = rounds(workers, plan.measureNanos());
            workers.stopMeters();
            results.add(Result.of("", perRound).with(workers.used(), (long) perRound.count() * ROUNDS));
        }
    }

    private static Samples rounds(WorkerGroup workers, long nanos) throws Exception {
        Samples microsPerRound = new Samples();
        long start = System.nanoTime();
        do { // at least once
            List<Params> answers = workers.perform(Params.of("do", "meet", "rounds", ROUNDS));
            long shortest = answers.stream() // of the worker that began last: the others waited for it
                    .mapToLong(answer -> answer.longNumber("nanos"))
                    .min()
                    .orElseThrow();
            microsPerRound.add(shortest / 1e3 / ROUNDS);
        } while (System.nanoTime() - start < nanos);
        return microsPerRound;
    }
}
