package org.processmanager.examples.app.menu;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.processmanager.core.thread.CancellableTask;
import org.processmanager.core.thread.Cancellation;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;

/** The task of a menu's threads: they wake up at intervals until they are cancelled. */
final class Ticker implements CancellableTask {
    private static final Duration TICK = Duration.ofMillis(50);

    private final CountDownLatch begun = new CountDownLatch(1);

    private Ticker() {}

    /**
     * Starts a thread and waits until it runs, because it has no native id before.
     *
     * @throws IllegalArgumentException if the name is malformed or in use
     */
    static ManagedThread start(ManagedThreads threads, String name) throws InterruptedException {
        Ticker ticker = new Ticker();
        ManagedThread thread = threads.start(name, ticker);
        ticker.begun.await();
        return thread;
    }

    @Override
    public void run(Cancellation cancellation) throws InterruptedException {
        begun.countDown();
        while (true) {
            cancellation.sleep(TICK);
        }
    }
}
