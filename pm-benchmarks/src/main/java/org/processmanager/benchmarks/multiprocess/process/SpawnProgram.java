package org.processmanager.benchmarks.multiprocess.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Rounds;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.TimeBudget;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/**
 * A program that does nothing, from its launch until its exit is reported: microseconds on one thread, launches per
 * second on several. The parameters {@code idle-children} and {@code heap-gib} load the JVM meanwhile.
 */
public final class SpawnProgram implements ForkProgram {
    private static final String NOTHING = "/bin/true";
    private static final int LONGS_PER_GIBIBYTE = 1 << 27;
    private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    @Override
    public void run(Params settings, Results results) throws Exception {
        long[][] heap = touchedHeap(settings.number("heap-gib", 0));
        try (Launching launching = settings.adapter(Launching.class);
                IdleChildren idleChildren = IdleChildren.start(launching, settings)) {
            int threads = settings.number("threads", 1);
            Rounds rounds = new Rounds(settings, results, System.in);
            while (rounds.next()) {
                Plan plan = Plan.of(rounds.settings(), launching.variants().size());
                for (String variant : launching.variants()) {
                    launching.use(variant);
                    results.add(
                            threads == 1
                                    ? sequentially(launching, variant, plan)
                                    : concurrently(launching, variant, plan, threads));
                }
                idleChildren.expectAlive();
            }
        }
        VerificationException.expect("gibibytes of heap", settings.number("heap-gib", 0), heap.length);
    }

    /**
     * Allocates memory that is kept during the launches. Java zeroes it, so every page is touched; in parallel, as
     * this takes long.
     */
    private static long[][] touchedHeap(int gibibytes) {
        return IntStream.range(0, gibibytes)
                .parallel()
                .mapToObj(i -> new long[LONGS_PER_GIBIBYTE])
                .toArray(long[][]::new);
    }

    private static Result sequentially(Launching launching, String variant, Plan plan) throws Exception {
        launches(launching, plan.warmUp());
        Meter meter = new Meter();
        meter.start();
        Samples micros = launches(launching, plan.measuring());
        meter.stop();
        return Result.of(variant, micros).with(meter.used(), micros.count());
    }

    private static Samples launches(Launching launching, TimeBudget budget) throws Exception {
        Samples micros = new Samples();
        while (budget.continues(micros.count())) {
            long before = System.nanoTime();
            VerificationException.expect("exit code of " + NOTHING, 0, launching.run(NOTHING));
            micros.add((System.nanoTime() - before) / 1e3);
        }
        return micros;
    }

    private static Result concurrently(Launching launching, String variant, Plan plan, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            launches(launching, plan::warmUp, threads, pool);
            Samples perSecond = new Samples();
            long launches = 0;
            Meter meter = new Meter();
            meter.start();
            for (long spent = 0; spent < plan.measureNanos(); spent += PHASE_NANOS) {
                long before = System.nanoTime();
                long launched = launches(launching, () -> TimeBudget.ofNanos(PHASE_NANOS), threads, pool);
                perSecond.add(launched * 1e9 / (System.nanoTime() - before));
                launches += launched;
            }
            meter.stop();
            return Result.of(variant, perSecond).with(meter.used(), launches);
        } finally {
            pool.shutdown();
        }
    }

    private static long launches(Launching launching, Supplier<TimeBudget> budgets, int threads, ExecutorService pool)
            throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(() -> launches(launching, budgets.get()).count());
        }
        long sum = 0;
        for (Future<Integer> launched : pool.invokeAll(tasks)) {
            sum += launched.get();
        }
        return sum;
    }
}
