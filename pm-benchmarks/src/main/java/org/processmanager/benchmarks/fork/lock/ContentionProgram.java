package org.processmanager.benchmarks.fork.lock;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.Plan;
import org.processmanager.benchmarks.fork.Result;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.Samples;
import org.processmanager.benchmarks.fork.VerificationException;
import org.processmanager.benchmarks.fork.crew.Crew;

/** Four parties that want one mutex, each a microsecond at a time: how often they get it, and how even. */
public final class ContentionProgram implements ForkProgram {
    private static final int PARTIES = 4;
    private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    @Override
    public void run(Fields settings, Results results) throws Exception {
        Contention here = new Contention(settings);
        try (Crew crew = Crew.of(PARTIES, here.locks().crossesProcesses(), here, settings)) {
            for (int i = 0; i < crew.size(); i++) {
                crew.perform(i, Fields.of("do", "open"));
            }
            Plan plan = Plan.of(settings, 1);
            Phase warmUp = phase(crew, plan.warmUpNanos(), 0);
            long expected = warmUp.sections();
            Samples perSecond = new Samples();
            long[] ofParty = new long[PARTIES];
            crew.startMeters();
            for (long spent = 0; spent < plan.measureNanos(); spent += PHASE_NANOS) {
                Phase phase = phase(crew, PHASE_NANOS, expected);
                expected += phase.sections();
                perSecond.add(phase.sections() * 1e9 / PHASE_NANOS);
                for (int i = 0; i < PARTIES; i++) {
                    ofParty[i] += phase.ofParty[i];
                }
            }
            crew.stopMeters();
            Phase all = new Phase(ofParty);
            results.add(
                    Result.of("", perSecond).with(crew.used(), all.sections()).withSmallestShare(all.smallestShare()));
        }
    }

    private static Phase phase(Crew crew, long nanos, long sectionsBefore) throws Exception {
        List<Fields> answers = crew.perform(Fields.of("do", "contend", "nanos", nanos));
        Phase phase = new Phase(answers.stream()
                .mapToLong(answer -> answer.longNumber("sections"))
                .toArray());
        long counted = crew.perform(0, Fields.of("do", "count")).longNumber("count");
        VerificationException.expect("sections passed", sectionsBefore + phase.sections(), counted);
        return phase;
    }

    private record Phase(long[] ofParty) {
        long sections() {
            long sum = 0;
            for (long sections : ofParty) {
                sum += sections;
            }
            return sum;
        }

        double smallestShare() {
            long least = Long.MAX_VALUE;
            for (long sections : ofParty) {
                least = Math.min(least, sections);
            }
            return (double) least / sections();
        }
    }
}
