package org.processmanager.ipc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Wakes sleeping threads by semaphores, in turns with the wake-ups that a test measures: what takes long here as well is the
 * scheduler of a busy machine and no lost wake-up.
 */
final class PlainWakeUps implements AutoCloseable {
    private final List<Semaphore> sleepers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger woken = new AtomicInteger();
    private final long limitNanos;
    private int slow;

    PlainWakeUps(int sleeping, long limitNanos) {
        this.limitNanos = limitNanos;
        for (int i = 0; i < sleeping; i++) {
            Semaphore sleeper = new Semaphore(0);
            Thread thread = new Thread(() -> sleep(sleeper), "plain sleeper");
            thread.setDaemon(true);
            thread.start();
            sleepers.add(sleeper);
            threads.add(thread);
        }
    }

    private void sleep(Semaphore sleeper) {
        try {
            while (true) {
                sleeper.acquire();
                woken.incrementAndGet();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Wakes all threads and waits until each has run. */
    void wake() {
        int expected = woken.get() + sleepers.size();
        long start = System.nanoTime();
        sleepers.forEach(Semaphore::release);
        while (woken.get() < expected) {
            Thread.onSpinWait();
        }
        if (System.nanoTime() - start > limitNanos) {
            slow++;
        }
    }

    /** Returns how many calls of {@link #wake} took longer than the limit. */
    int slow() {
        return slow;
    }

    @Override
    public void close() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }
}
