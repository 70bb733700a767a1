package org.processmanager.benchmarks.multiprocess.message;

import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.ResourceUsage;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

/**
 * Time from sending a message until its echo is received: nanoseconds, or microseconds in the mode {@code blocking}.
 *
 * <p>In that mode the first worker pauses before each message, so that the other one sleeps when it arrives: the
 * wake-up is measured.
 *
 * <p>Half of the warm-up sends several messages before it waits for their echoes: a JVM warms up by operations, and
 * in a quick run single messages are too few.
 */
public final class RoundTripProgram implements ForkProgram {
    private static final int FLIGHT = 32;
    private static final int MEASURED_PART =
            6; // a sixth has enough samples; code that is compiled late would be measured cold

    @Override
    public void run(Params settings, Results results) throws Exception {
        EchoChannels here = new EchoChannels(settings);
        try (WorkerGroup workers = WorkerGroup.of(2, here.crossesProcesses(), here, settings)) {
            here.create();
            workers.perform(Params.of("do", "open"));
            Plan plan = Plan.of(settings, here.variants().size());
            long nanos = plan.warmUpNanos() + plan.measureNanos();
            long measureNanos = nanos / MEASURED_PART;
            long warmUpNanos = nanos - measureNanos;
            for (String variant : here.variants()) {
                run(workers, variant, FLIGHT, warmUpNanos / 2);
                run(workers, variant, 1, warmUpNanos / 2);
                ResourceUsage before = workers.used(); // meters accumulate over all variants
                workers.startMeters();
                Result result = run(workers, variant, 1, measureNanos);
                workers.stopMeters();
                results.add(result.with(workers.used().since(before), result.count()));
            }
        }
    }

    private static Result run(WorkerGroup workers, String variant, int flight, long nanos) throws Exception {
        Params command = Params.of("do", "run", "variant", variant, "flight", flight, "nanos", nanos);
        return Result.of(workers.perform(command).get(0));
    }
}
