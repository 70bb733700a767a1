package org.processmanager.core.internal.reactor;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.VirtualThreads;

/**
 * Who drives the event loops of this JVM.
 *
 * <p>There are at most {@value #MOST_THREADS} daemon threads (and no more than cores), each with a loop for ever; a second
 * one is started only when the first has plenty to do. A caller that waits anyway may instead borrow a loop and drive it
 * himself: what he waits for then reaches him without a hop between threads.
 */
public final class EventLoops {
    private static final int MOST_THREADS = 4;
    private static final int THREADS =
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    /** Work on one loop from which on a further thread pays. */
    private static final int PLENTY = 32;

    private static final int MOST_BORROWED = 8;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final @Nullable EventLoop[] SHARED = new EventLoop[THREADS];
    private static final Deque<EventLoop> SPARE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger BORROWED = new AtomicInteger();

    private EventLoops() {}

    /** The loop of a daemon thread that has the least to do. */
    public static EventLoop shared() {
        LOCK.lock();
        try {
            EventLoop best = null;
            for (int i = 0; i < SHARED.length; i++) {
                EventLoop loop = SHARED[i];
                if (loop == null) {
                    if (best == null || best.load() >= PLENTY) {
                        SHARED[i] = startThread(i);
                        best = SHARED[i];
                    }
                    break;
                }
                if (best == null || loop.load() < best.load()) {
                    best = loop;
                }
            }
            return java.util.Objects.requireNonNull(best);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * A loop for the calling thread to drive, or null where it should rather use a shared one: a virtual thread must not
     * sleep in the kernel, and each loop costs two descriptors.
     */
    public static @Nullable EventLoop borrow() {
        if (VirtualThreads.isCurrent()) {
            return null;
        }
        if (BORROWED.incrementAndGet() > MOST_BORROWED) {
            BORROWED.decrementAndGet();
            return null;
        }
        EventLoop spare = SPARE.pollFirst();
        if (spare != null) {
            return spare;
        }
        try {
            return new EventLoop();
        } catch (RuntimeException e) {
            BORROWED.decrementAndGet();
            throw e;
        }
    }

    /**
     * Gives back what {@link #borrow} gave; if something is still watched there, a thread stays with it until its end. A
     * loop is never closed, since somebody may still hold it to post a task.
     */
    public static void giveBack(EventLoop loop) {
        BORROWED.decrementAndGet();
        if (loop.isIdle()) {
            SPARE.addFirst(loop);
            return;
        }
        try {
            Threads.daemon("pm-leftover", () -> {
                        loop.drive(loop::isIdle);
                        SPARE.addLast(loop);
                    })
                    .start();
        } catch (OutOfMemoryError e) {
            // No thread can be made: whoever borrows it next drives what is left along.
            SPARE.addFirst(loop);
        }
    }

    private static EventLoop startThread(int number) {
        EventLoop loop = new EventLoop();
        try {
            Threads.daemon("pm-reactor-" + number, () -> loop.drive(() -> false))
                    .start();
        } catch (OutOfMemoryError e) {
            SPARE.addFirst(loop);
            throw e;
        }
        return loop;
    }
}
