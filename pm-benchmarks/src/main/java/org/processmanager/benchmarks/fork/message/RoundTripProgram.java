package org.processmanager.benchmarks.fork.message;

import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.Plan;
import org.processmanager.benchmarks.fork.Result;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.Used;
import org.processmanager.benchmarks.fork.crew.Crew;

/**
 * Time from sending a message until its echo was received: nanoseconds, or microseconds in the mode {@code blocking}.
 *
 * <p>There the first side pauses before each message, so that the other one sleeps when it comes: what
 * is measured is waking it.
 */
public final class RoundTripProgram implements ForkProgram {
    @Override
    public void run(Fields settings, Results results) throws Exception {
        ThereAndBack here = new ThereAndBack(settings);
        try (Crew crew = Crew.of(2, here.crossesProcesses(), here, settings)) {
            here.create();
            crew.perform(Fields.of("do", "open"));
            Plan plan = Plan.of(settings, here.variants().size());
            for (String variant : here.variants()) {
                run(crew, variant, plan.warmUpNanos());
                Used before = crew.used(); // meters go on over all variants
                crew.startMeters();
                Result result = run(crew, variant, plan.measureNanos());
                crew.stopMeters();
                results.add(result.with(crew.used().since(before), result.count()));
            }
        }
    }

    private static Result run(Crew crew, String variant, long nanos) throws Exception {
        Fields command = Fields.of("do", "run", "variant", variant, "nanos", nanos);
        return Result.of(crew.perform(command).get(0));
    }
}
