package org.processmanager.benchmarks.multiprocess.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.TimeBudget;

/**
 * Time from {@code kill -9} of a process until the candidate reports its exit: children sequentially, other processes
 * at intervals of a few milliseconds, since a candidate that polls may take long for each.
 */
public final class ExitLatencyProgram implements ForkProgram {
    private static final long SETTLE_MILLIS = 2; // until the watcher waits
    private static final int PROCESSES = 60;
    private static final long BETWEEN_STRANGERS_MILLIS = 5; // longer than any notification without polling
    private static final long STRANGERS_SETTLE_MILLIS =
            500; // long enough for a candidate to reach its longest polling interval
    private static final long PATIENCE_SECONDS = 10;

    @Override
    public void run(Params settings, Results results) throws Exception {
        boolean children = settings.text("of").equals("child");
        try (Watching watching = settings.adapter(Watching.class)) {
            Plan plan = Plan.of(settings, 1);
            latencies(watching, children, plan.warmUp());
            Meter meter = new Meter();
            meter.start();
            Samples micros = latencies(watching, children, plan.measuring());
            meter.stop();
            results.add(Result.of("", micros).with(meter.used(), micros.count()));
        }
    }

    private static Samples latencies(Watching watching, boolean children, TimeBudget budget) throws Exception {
        return children ? childLatencies(watching, budget) : strangerLatencies(watching, budget);
    }

    private static Samples childLatencies(Watching watching, TimeBudget budget) throws Exception {
        Samples micros = new Samples();
        while (budget.continues(micros.count())) {
            CompletableFuture<Long> endedAt = new CompletableFuture<>();
            long pid = watching.startChild(() -> endedAt.complete(System.nanoTime()));
            Thread.sleep(SETTLE_MILLIS);
            micros.add(kill(pid, endedAt));
        }
        return micros;
    }

    private static Samples strangerLatencies(Watching watching, TimeBudget budget) throws Exception {
        Samples micros = new Samples();
        while (budget.continues(micros.count())) {
            killStrangers(watching, micros);
        }
        return micros;
    }

    private static void killStrangers(Watching watching, Samples micros) throws Exception {
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        try (UnrelatedProcesses processes = UnrelatedProcesses.start(PROCESSES)) {
            for (long pid : processes.pids()) {
                CompletableFuture<Long> endedAt = new CompletableFuture<>();
                watching.watch(pid, () -> endedAt.complete(System.nanoTime()));
                ends.add(endedAt);
            }
            Thread.sleep(STRANGERS_SETTLE_MILLIS);
            long[] killedAt = new long[PROCESSES];
            for (int i = 0; i < PROCESSES; i++) {
                killedAt[i] = destroy(processes.pids().get(i));
                Thread.sleep(BETWEEN_STRANGERS_MILLIS);
            }
            for (int i = 0; i < PROCESSES; i++) {
                micros.add((ends.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS) - killedAt[i]) / 1e3);
            }
        }
    }

    private static double kill(long pid, CompletableFuture<Long> endedAt) throws Exception {
        long killedAt = destroy(pid);
        return (endedAt.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - killedAt) / 1e3;
    }

    /** Kills the process and returns the time just before. */
    private static long destroy(long pid) {
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalStateException("process " + pid + " exited by itself"));
        long before = System.nanoTime();
        process.destroyForcibly();
        return before;
    }
}
