package org.processmanager.core.internal.reactor;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.VirtualThreads;

/**
 * The event loops of this JVM and the threads that drive them. Thread-safe.
 *
 * <p>There are at most {@value #MAX_THREADS} daemon threads (and no more than processors), each with a loop of its own; a
 * further thread is started only when the loops of the others are busy. A caller that waits anyway may borrow a loop and
 * drive it itself: what it waits for then needs no switch between threads.
 */
public final class EventLoops {
    private static final int MAX_THREADS = 4;
    private static final int THREADS =
            Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    /** Units of work on one loop from which a further thread pays off. */
    private static final int BUSY_LOAD = 32;

    private static final int MAX_BORROWED = 8;
    private static final boolean VIRTUAL_THREADS = VirtualThreads.isSupported();

    /** A monitor: unlike a lock object, it cannot stay locked if the stack overflows. */
    private static final Object LOCK = new Object();

    private static final @Nullable EventLoop[] SHARED = new EventLoop[THREADS];
    private static final Deque<EventLoop> SPARE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger BORROWED = new AtomicInteger();

    private EventLoops() {}

    /**
     * Returns the loop of the daemon thread that has the least work.
     *
     * @throws ResourcesExhaustedException if there is none, and no thread can be created
     */
    public static EventLoop shared() {
        synchronized (LOCK) {
            EventLoop best = null;
            for (int i = 0; i < SHARED.length; i++) {
                EventLoop loop = SHARED[i];
                if (loop == null) {
                    if (best == null || best.load() >= BUSY_LOAD) {
                        best = startThread(i, best);
                    }
                    break;
                }
                if (best == null || loop.load() < best.load()) {
                    best = loop;
                }
            }
            return java.util.Objects.requireNonNull(best);
        }
    }

    /**
     * Returns a loop for the calling thread to drive, or null where it should use a shared one: a virtual thread must not
     * block in the kernel, and each loop costs two descriptors.
     */
    public static @Nullable EventLoop borrow() {
        if (VIRTUAL_THREADS && VirtualThreads.isCurrent()) {
            return null;
        }
        if (BORROWED.incrementAndGet() > MAX_BORROWED) {
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
     * Returns a borrowed loop. If it still watches something, a thread drives it until it is idle. A loop is never closed:
     * another thread may still have a reference and submit a task.
     */
    public static void giveBack(EventLoop loop) {
        BORROWED.decrementAndGet();
        if (loop.isIdle()) {
            SPARE.addFirst(loop);
            return;
        }
        try {
            Threads.daemon("pm-drain", () -> {
                        loop.drive(loop::isIdle);
                        SPARE.addLast(loop);
                    })
                    .start();
        } catch (OutOfMemoryError e) {
            // No thread can be created: the next borrower drives what is left.
            SPARE.addFirst(loop);
        }
    }

    /** Drives a loop until the condition is true. An interrupt of the calling thread makes the loop test the condition. */
    public static void drive(EventLoop loop, BooleanSupplier done) {
        Interruption interruption = new Interruption(loop);
        interruption.enter();
        try {
            loop.drive(done);
        } finally {
            interruption.leave();
        }
    }

    /** Starts a further thread; if none can be created, returns the busy loop that there is. */
    private static EventLoop startThread(int number, @Nullable EventLoop busy) {
        EventLoop loop = new EventLoop();
        try {
            Threads.daemon("pm-reactor-" + number, () -> loop.drive(() -> false))
                    .start();
        } catch (OutOfMemoryError e) {
            SPARE.addFirst(loop);
            if (busy != null) {
                return busy;
            }
            throw new ResourcesExhaustedException("no thread can be created that waits for events", e);
        }
        SHARED[number] = loop;
        return loop;
    }

    /**
     * Makes {@link Thread#interrupt} wake a thread that blocks in a system call of this library. {@link AbstractSelector} is
     * the one place where the JDK offers this: between {@code begin} and {@code end} an interrupt of the thread calls
     * {@link #wakeup}. It selects nothing.
     */
    private static final class Interruption extends AbstractSelector {
        private final EventLoop loop;

        /** Creates an interruption of the thread that drives a loop. */
        private Interruption(EventLoop loop) {
            super(null); // only register would need a provider
            this.loop = loop;
        }

        /** Starts to wake the loop when the calling thread is interrupted; at once if its interrupt status is set. */
        void enter() {
            begin();
        }

        /** Ends what {@link #enter} started. */
        void leave() {
            end();
        }

        @Override
        public Selector wakeup() {
            loop.wakeUp();
            return this;
        }

        @Override
        protected void implCloseSelector() {}

        @Override
        protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
            throw new UnsupportedOperationException("selects nothing");
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() {
            throw new UnsupportedOperationException("selects nothing");
        }

        @Override
        public int select(long timeout) {
            throw new UnsupportedOperationException("selects nothing");
        }

        @Override
        public int select() {
            throw new UnsupportedOperationException("selects nothing");
        }
    }
}
