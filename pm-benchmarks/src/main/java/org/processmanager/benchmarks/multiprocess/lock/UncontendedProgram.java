package org.processmanager.benchmarks.multiprocess.lock;

import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/** Nanoseconds to acquire and release what nobody else wants; a sample is the mean of a stretch of about a millisecond. */
public final class UncontendedProgram implements ForkProgram {
    private static final long STRETCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private long guarded;
    /** One for all: its allocation would be measured. */
    private final Runnable pass = this::pass;

    @Override
    public void run(Params settings, Results results) throws Exception {
        try (Locks locks = settings.adapter(Locks.class);
                Lock lock = locks.open(0, 1)) {
            Plan plan = Plan.of(settings, 1);
            int pairs = pairsOfStretch(lock, plan.warmUpNanos());
            Samples nanosPerPair = new Samples();
            Meter meter = new Meter();
            long guardedBefore = guarded;
            meter.start();
            long start = System.nanoTime();
            do { // once in any case: a busy machine may let it wait for all of its time
                nanosPerPair.add((double) stretch(lock, pairs) / pairs);
            } while (System.nanoTime() - start < plan.measureNanos());
            meter.stop();
            long total = (long) nanosPerPair.count() * pairs;
            VerificationException.expect("sections passed", total, guarded - guardedBefore);
            results.add(Result.of("", nanosPerPair).with(meter.used(), total));
        }
    }

    private void pass() {
        guarded++;
    }

    private int pairsOfStretch(Lock lock, long warmUpNanos) throws Exception {
        int pairs = 16;
        long start = System.nanoTime();
        while (System.nanoTime() - start < warmUpNanos) {
            if (stretch(lock, pairs) < STRETCH_NANOS) {
                pairs *= 2;
            }
        }
        return pairs;
    }

    private long stretch(Lock lock, int pairs) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < pairs; i++) {
            lock.during(pass);
        }
        return System.nanoTime() - start;
    }
}
