package org.processmanager.benchmarks.multiprocess.lock;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.worker.ChildJvm;

/** Time from {@code kill -9} of the JVM that owns a mutex until a waiter has acquired it. */
public final class RecoveryProgram implements ForkProgram {
    private static final int HOLDERS = 3; // that start at the same time
    private static final long SETTLE_MILLIS = 30; // until the waiter sleeps
    private static final long TIMEOUT_SECONDS = 5;

    @Override
    public void run(Params settings, Results results) throws Exception {
        try (Locks locks = settings.adapter(Locks.class);
                Lock lock = locks.open(0, 1)) {
            lock.acquire();
            lock.release();
            Samples millis = new Samples();
            long start = System.nanoTime();
            long nanos = TimeUnit.MILLISECONDS.toNanos(settings.number("millis"));
            do {
                for (Process holder : startHolders(settings)) {
                    millis.add(killAndAcquire(holder, lock));
                }
            } while (System.nanoTime() - start < nanos);
            results.add(Result.of("", millis));
        }
    }

    private static List<Process> startHolders(Params settings) throws Exception {
        List<Process> holders = new ArrayList<>();
        for (int i = 0; i < HOLDERS; i++) {
            holders.add(ChildJvm.start(Holder.class, "hold", "0", settings));
        }
        return holders;
    }

    private static double killAndAcquire(Process holder, Lock lock) throws Exception {
        try (BufferedReader lines = holder.inputReader(StandardCharsets.UTF_8);
                var commands = holder.outputWriter(StandardCharsets.UTF_8)) {
            commands.write("acquire\n");
            commands.flush();
            String line = lines.readLine();
            while (!Holder.HOLDING.equals(line)) {
                if (line == null) {
                    throw new IllegalStateException("the holder exited before it acquired the lock");
                }
                line = lines.readLine();
            }
            CompletableFuture<Long> acquiredAt = CompletableFuture.supplyAsync(() -> acquireAndRelease(lock), task -> {
                Thread waiter = new Thread(task, "waiter");
                waiter.setDaemon(true);
                waiter.start();
            });
            Thread.sleep(SETTLE_MILLIS);
            if (acquiredAt.isDone()) {
                throw new IllegalStateException("acquired while another process held it: at " + acquiredAt.get());
            }
            long killedAt = System.nanoTime();
            holder.destroyForcibly();
            return (acquiredAt.get(TIMEOUT_SECONDS, TimeUnit.SECONDS) - killedAt) / 1e6;
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    private static long acquireAndRelease(Lock lock) {
        try {
            lock.acquire();
            long at = System.nanoTime();
            lock.release();
            return at;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
