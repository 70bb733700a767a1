package org.processmanager.benchmarks.multiprocess.lock;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

/**
 * Four workers acquire one lock: measures how often they acquire it, and how evenly. Parameters: {@code reads-in-ten}, how many
 * of ten acquisitions are for reading; {@code section-micros}, for how long; {@code numbers}, how many it reads or writes.
 */
public final class ContentionProgram implements ForkProgram {
    private static final int WORKERS = 4;
    private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    @Override
    public void run(Params settings, Results results) throws Exception {
        Contention here = new Contention(settings);
        try (WorkerGroup workers = WorkerGroup.of(WORKERS, here.locks().crossesProcesses(), here, settings)) {
            for (int i = 0; i < workers.size(); i++) {
                workers.perform(i, Params.of("do", "open"));
            }
            Plan plan = Plan.of(settings, 1);
            Phase warmUp = phase(workers, plan.warmUpNanos(), 0);
            long expected = warmUp.writes();
            Samples perSecond = new Samples();
            long[] perWorker = new long[WORKERS];
            workers.startMeters();
            for (long spent = 0; spent < plan.measureNanos(); spent += PHASE_NANOS) {
                Phase phase = phase(workers, PHASE_NANOS, expected);
                expected += phase.writes();
                perSecond.add(phase.sections() * 1e9 / PHASE_NANOS);
                for (int i = 0; i < WORKERS; i++) {
                    perWorker[i] += phase.perWorker[i];
                }
            }
            workers.stopMeters();
            Phase all = new Phase(perWorker, 0);
            results.add(Result.of("", perSecond)
                    .with(workers.used(), all.sections())
                    .withSmallestShare(all.smallestShare()));
        }
    }

    private static Phase phase(WorkerGroup workers, long nanos, long writesBefore) throws Exception {
        List<Params> answers = workers.perform(Params.of("do", "contend", "nanos", nanos));
        Phase phase = new Phase(
                answers.stream()
                        .mapToLong(answer -> answer.longNumber("sections"))
                        .toArray(),
                answers.stream()
                        .mapToLong(answer -> answer.longNumber("writes"))
                        .sum());
        long counted = workers.perform(0, Params.of("do", "count")).longNumber("count");
        VerificationException.expect("sections passed", writesBefore + phase.writes(), counted);
        return phase;
    }

    private record Phase(long[] perWorker, long writes) {
        long sections() {
            long sum = 0;
            for (long sections : perWorker) {
                sum += sections;
            }
            return sum;
        }

        double smallestShare() {
            long least = Long.MAX_VALUE;
            for (long sections : perWorker) {
                least = Math.min(least, sections);
            }
            return (double) least / sections();
        }
    }
}
