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

/**
 * Nanoseconds to acquire and release without contention; a sample is the mean of a batch of about a millisecond. With the
 * parameter {@code access=read}, the lock is acquired for reading.
 */
public final class UncontendedProgram implements ForkProgram {
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private long guarded;
    /** Created once, as its allocation would be measured. */
    private final Runnable pass = this::pass;

    @Override
    public void run(Params settings, Results results) throws Exception {
        try (Locks locks = settings.adapter(Locks.class);
                Lock lock = isRead(settings) ? locks.openForReading(0) : locks.open(0, 1)) {
            Plan plan = Plan.of(settings, 1);
            int pairs = pairsPerBatch(lock, plan.warmUpNanos());
            Samples nanosPerPair = new Samples();
            Meter meter = new Meter();
            long guardedBefore = guarded;
            meter.start();
            long start = System.nanoTime();
            do { // at least once: a busy machine may use up all of the time
                nanosPerPair.add((double) batch(lock, pairs) / pairs);
            } while (System.nanoTime() - start < plan.measureNanos());
            meter.stop();
            long total = (long) nanosPerPair.count() * pairs;
            VerificationException.expect("sections passed", total, guarded - guardedBefore);
            results.add(Result.of("", nanosPerPair).with(meter.used(), total));
        }
    }

    private static boolean isRead(Params settings) {
        return settings.text("access", "write").equals("read");
    }

    private void pass() {
        guarded++;
    }

    private int pairsPerBatch(Lock lock, long warmUpNanos) throws Exception {
        int pairs = 16;
        long start = System.nanoTime();
        while (System.nanoTime() - start < warmUpNanos) {
            if (batch(lock, pairs) < BATCH_NANOS) {
                pairs *= 2;
            }
        }
        return pairs;
    }

    private long batch(Lock lock, int pairs) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < pairs; i++) {
            lock.during(pass);
        }
        return System.nanoTime() - start;
    }
}
