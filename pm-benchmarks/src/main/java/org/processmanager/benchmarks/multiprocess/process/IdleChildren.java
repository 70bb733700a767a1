package org.processmanager.benchmarks.multiprocess.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/**
 * Idle children of the candidate, launched and watched like other programs: each runs the same small program, without
 * pipes that the candidate does not need. They read a FIFO whose other end only the fork has open, so they exit with
 * the fork.
 *
 * <p>Several threads launch them, as this is only preparation.
 */
public final class IdleChildren implements AutoCloseable {
    /** Parameter: their number. */
    public static final String COUNT = "idle-children";

    /** Parameter: the program that waits for the end of the file in its argument. */
    public static final String PROGRAM = "idler";

    private static final String DEFAULT_PROGRAM = "/bin/cat";
    private static final int STARTERS = 4;
    private static final long POLL_MILLIS = 20;
    private static final int TIMEOUT_MILLIS = 20_000; // some candidates launch in the background
    private static final long SETTLE_MILLIS = 300; // until the last ones and the threads that watch them wait

    private final int count;
    private final long timeoutNanos;
    private final Closeable end;
    private final Set<Long> others = children();

    private IdleChildren(int count, long timeoutNanos, Closeable end) {
        this.count = count;
        this.timeoutNanos = timeoutNanos;
        this.end = end;
    }

    static IdleChildren start(Launching launching, Params settings) throws Exception {
        int count = settings.number(COUNT, 0);
        if (count == 0) {
            return new IdleChildren(0, 0, () -> {});
        }
        Path fifo = settings.scratch().resolve("idle");
        VerificationException.expect(
                "exit code of mkfifo",
                0,
                new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(settings.number("timeout", TIMEOUT_MILLIS));
        RandomAccessFile otherEnd =
                new RandomAccessFile(fifo.toFile(), "rw"); // opening for reading and writing does not block
        IdleChildren idleChildren = new IdleChildren(count, timeoutNanos, otherEnd);
        startAll(count, () -> {
            launching.start(settings.text(PROGRAM, DEFAULT_PROGRAM), fifo.toString());
            return null;
        });
        idleChildren.await(idleChildren::allAlive);
        Thread.sleep(SETTLE_MILLIS);
        idleChildren.expectAlive();
        return idleChildren;
    }

    private static void startAll(int count, Callable<Void> one) throws Exception {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(one);
        }
        ExecutorService starters = Executors.newFixedThreadPool(STARTERS);
        try {
            for (Future<Void> started : starters.invokeAll(all)) {
                started.get();
            }
        } finally {
            starters.shutdown();
        }
    }

    /** Returns the live children as the system reports them. */
    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private int living() {
        Set<Long> living = children();
        living.removeAll(others);
        return living.size();
    }

    private boolean allAlive() {
        return living() >= count;
    }

    void expectAlive() {
        if (count > 0 && !allAlive()) {
            throw new VerificationException("idle children: expected " + count + ", only " + living() + " are alive");
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < timeoutNanos) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Ends them and waits, so that their exit does not overlap with the next fork. */
    @Override
    public void close() throws IOException, InterruptedException {
        end.close();
        await(() -> count == 0 || living() == 0);
    }
}
