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
 * Idle children of the candidate: started and watched as it starts and watches programs, each the same small program, with no
 * pipe that the candidate needs not. They read a FIFO whose other end only the fork has, so they end with the fork too.
 *
 * <p>Several threads start them, since all they do is to prepare.
 */
public final class IdleChildren implements AutoCloseable {
    /** Field: how many. */
    public static final String COUNT = "idle-children";

    /** Field: the program that waits for the end of the file that it is given. */
    public static final String PROGRAM = "idler";

    private static final String PROGRAM_OF_THE_SYSTEM = "/bin/cat";
    private static final int STARTERS = 4;
    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 20_000; // some candidates start in the background
    private static final long SETTLE_MILLIS = 300; // until the last ones wait, and who watches them does

    private final int count;
    private final long patienceNanos;
    private final Closeable end;
    private final Set<Long> others = children();

    private IdleChildren(int count, long patienceNanos, Closeable end) {
        this.count = count;
        this.patienceNanos = patienceNanos;
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
        long patienceNanos = TimeUnit.MILLISECONDS.toNanos(settings.number("patience", PATIENCE_MILLIS));
        RandomAccessFile otherEnd = new RandomAccessFile(fifo.toFile(), "rw"); // opened like this it waits for nobody
        IdleChildren idleChildren = new IdleChildren(count, patienceNanos, otherEnd);
        startAll(count, () -> {
            launching.start(settings.text(PROGRAM, PROGRAM_OF_THE_SYSTEM), fifo.toString());
            return null;
        });
        idleChildren.await(idleChildren::areAllAlive);
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

    /** As the system sees it. */
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

    private boolean areAllAlive() {
        return living() >= count;
    }

    void expectAlive() {
        if (count > 0 && !areAllAlive()) {
            throw new VerificationException("idle children: expected " + count + ", only " + living() + " live");
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < patienceNanos) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** Ends them, and waits: what comes after this fork is not to run beside a thousand that end. */
    @Override
    public void close() throws IOException, InterruptedException {
        end.close();
        await(() -> count == 0 || living() == 0);
    }
}
