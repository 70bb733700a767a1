package org.processmanager.benchmarks.fork.process;

import java.util.List;
import java.util.Set;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.Meter;
import org.processmanager.benchmarks.fork.Plan;
import org.processmanager.benchmarks.fork.Result;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.Samples;
import org.processmanager.benchmarks.fork.Stint;
import org.processmanager.benchmarks.fork.VerificationException;

/** Milliseconds to list all processes of the system, five hundred of them ours and each found. */
public final class ListProgram implements ForkProgram {
    @Override
    public void run(Fields settings, Results results) throws Exception {
        try (Listing listing = settings.adapter(Listing.class);
                Strangers strangers = Strangers.start(settings.number("processes"))) {
            Plan plan = Plan.of(settings, 1);
            millis(listing, strangers.pids(), plan.warmUp());
            Meter meter = new Meter();
            meter.start();
            Samples millis = millis(listing, strangers.pids(), plan.measuring());
            meter.stop();
            listing.note().ifPresent(results::note);
            results.add(Result.of("", millis).with(meter.used(), millis.count()));
        }
    }

    private static Samples millis(Listing listing, List<Long> expected, Stint stint) throws Exception {
        Samples millis = new Samples();
        while (stint.goesOn(millis.count())) {
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
