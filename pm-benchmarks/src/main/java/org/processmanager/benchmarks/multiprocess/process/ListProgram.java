package org.processmanager.benchmarks.multiprocess.process;

import java.util.List;
import java.util.Set;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.TimeBudget;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/** Milliseconds to list all processes of the system, among them five hundred known ones, which must be found. */
public final class ListProgram implements ForkProgram {
    @Override
    public void run(Params settings, Results results) throws Exception {
        try (Listing listing = settings.adapter(Listing.class);
                UnrelatedProcesses processes = UnrelatedProcesses.start(settings.number("processes"))) {
            Plan plan = Plan.of(settings, 1);
            millis(listing, processes.pids(), plan.warmUp());
            Meter meter = new Meter();
            meter.start();
            Samples millis = millis(listing, processes.pids(), plan.measuring());
            meter.stop();
            listing.note().ifPresent(results::note);
            results.add(Result.of("", millis).with(meter.used(), millis.count()));
        }
    }

    private static Samples millis(Listing listing, List<Long> expected, TimeBudget budget) throws Exception {
        Samples millis = new Samples();
        while (budget.continues(millis.count())) {
            long before = System.nanoTime();
            Set<Long> listed = listing.list();
            millis.add((System.nanoTime() - before) / 1e6);
            if (!listed.containsAll(expected)) {
                throw new VerificationException("of " + expected.size() + " processes only "
                        + expected.stream().filter(listed::contains).count() + " were listed");
            }
        }
        return millis;
    }
}
