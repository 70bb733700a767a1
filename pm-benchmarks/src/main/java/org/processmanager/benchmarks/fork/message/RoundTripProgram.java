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
 *
 * <p>Half of the warming up sends several messages before it waits for their echoes: a JVM becomes fast by operations, of which
 * one at a time are few in the time of a quick run.
 */
public final class RoundTripProgram implements ForkProgram {
    private static final int FLIGHT = 32;
    private static final int MEASURED_PART = 6; // a sixth is enough samples; what is compiled late is measured cold

    @Override
    public void run(Fields settings, Results results) throws Exception {
        ThereAndBack here = new ThereAndBack(settings);
        try (Crew crew = Crew.of(2, here.crossesProcesses(), here, settings)) {
            here.create();
            crew.perform(Fields.of("do", "open"));
            Plan plan = Plan.of(settings, here.variants().size());
            long nanos = plan.warmUpNanos() + plan.measureNanos();
            long measureNanos = nanos / MEASURED_PART;
            long warmUpNanos = nanos - measureNanos;
            for (String variant : here.variants()) {
                run(crew, variant, FLIGHT, warmUpNanos / 2);
                run(crew, variant, 1, warmUpNanos / 2);
                Used before = crew.used(); // meters go on over all variants
                crew.startMeters();
                Result result = run(crew, variant, 1, measureNanos);
                crew.stopMeters();
                results.add(result.with(crew.used().since(before), result.count()));
            }
        }
    }

    private static Result run(Crew crew, String variant, int flight, long nanos) throws Exception {
        Fields command = Fields.of("do", "run", "variant", variant, "flight", flight, "nanos", nanos);
        return Result.of(crew.perform(command).get(0));
    }
}
