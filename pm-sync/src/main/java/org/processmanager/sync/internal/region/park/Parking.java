package org.processmanager.sync.internal.region.park;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Futex;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.VirtualThreads;
import org.processmanager.sync.internal.region.file.Mapping;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sleeps on 32-bit words of a region, and wakes who sleeps there.
 *
 * <p>Where the kernel has futexes a platform thread sleeps in it. A virtual thread parks, and a thread of a pool without
 * bounds sleeps for it: a bounded one would deadlock when its sleeps depend on queued ones. Objects let one thread per word
 * and handle wait here, so there are no more of these than contended words. Without futexes a thread looks at the word at
 * growing intervals; whether the others can be woken by it is then said by {@link RegionLayout#POLLERS}.
 *
 * <p>Every wait here is one slice (see {@link Slices}): a thread that is interrupted comes back at its end at the latest.
 */
public final class Parking {
    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);
    private static final ExecutorService SLEEPERS = sleepers();

    private static final long FIRST_POLL_NANOS = 20_000;
    private static final long LONGEST_POLL_NANOS = 1_000_000;
    private static final long KEEP_IDLE_SLEEPER_SECONDS = 5;
    private static final long LONGEST_CLOSING_NANOS = 1_000_000_000;
    private static final long CLOSING_PAUSE_NANOS = 50_000;

    private final ByteBuffer memory;
    private final long address;
    private final boolean futex;
    /** Words on which threads of this handle sleep in the kernel, with their number. */
    private final Map<Integer, Integer> asleep = new ConcurrentHashMap<>();

    private final Set<Thread> parked = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Parking(Mapping mapping) {
        memory = mapping.memory();
        address = mapping.address();
        futex = address != 0 && Kernel.reason(address, memory) == null;
    }

    /** Whether sleepers are woken by the kernel; otherwise this handle polls, and wakes nobody. */
    public boolean isNative() {
        return futex;
    }

    /** Whether somebody has joined the region who polls. */
    public boolean hasPollers() {
        return (RegionLayout.flagsVolatile(memory) & RegionLayout.POLLERS) != 0;
    }

    /** The slices of one wait. */
    public Slices slices() {
        return new Slices(this);
    }

    /**
     * Sleeps while the word is as expected, at most so long. It returns for any reason or for none: look at the word again.
     *
     * @throws IllegalStateException if the region is closed, before or meanwhile
     */
    public void await(int offset, int expected, long nanos) {
        checkOpen();
        if (nanos > 0) {
            if (!futex) {
                poll(offset, expected, nanos);
            } else if (VirtualThreads.isCurrent()) {
                sleepElsewhere(offset, expected, nanos);
            } else {
                sleep(offset, expected, nanos);
            }
            checkOpen();
        }
    }

    /** Wakes at most {@code count} sleepers of all processes. Without futexes they wake by themselves. */
    public void wake(int offset, int count) {
        if (futex) {
            Futex.wake(address + offset, count);
            Reference.reachabilityFence(memory);
        }
    }

    /** Wakes all sleepers of all processes. */
    public void wakeAll(int offset) {
        wake(offset, Integer.MAX_VALUE);
    }

    /**
     * Parks the current thread until {@link LockSupport#unpark}, at most so long.
     *
     * @throws IllegalStateException if the region is closed, before or meanwhile
     */
    public void park(Object blocker, long nanos) {
        Thread thread = Thread.currentThread();
        parked.add(thread);
        try {
            checkOpen();
            LockSupport.parkNanos(blocker, nanos);
        } finally {
            parked.remove(thread);
        }
        checkOpen();
    }

    /** Lets all sleepers of this handle look at their words again. */
    public void wakeSleepers() {
        if (!closed) {
            asleep.keySet().forEach(this::wakeAll);
        }
    }

    /** Lets all waits of this handle return; those that begin later do so at once. */
    public void close() {
        closed = true;
        parked.forEach(LockSupport::unpark);
        // A thread may be just before its sleep, and not have the processor: it is woken again until it was found
        // there.
        long start = System.nanoTime();
        while (!asleep.isEmpty() && System.nanoTime() - start < LONGEST_CLOSING_NANOS) {
            asleep.keySet().forEach(this::wakeAll);
            Threads.pause(CLOSING_PAUSE_NANOS);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the region was closed");
        }
    }

    private void sleep(int offset, int expected, long nanos) {
        asleep.merge(offset, 1, Integer::sum);
        try {
            if (!closed) {
                Futex.await(address + offset, expected, nanos);
            }
        } finally {
            asleep.computeIfPresent(offset, (word, count) -> count == 1 ? null : count - 1);
            Reference.reachabilityFence(memory);
        }
    }

    private void sleepElsewhere(int offset, int expected, long nanos) {
        Thread sleeper = Thread.currentThread();
        Sleep sleep = new Sleep(sleeper, offset, expected, nanos);
        parked.add(sleeper);
        try {
            SLEEPERS.execute(sleep);
            while (!sleep.done && !closed && !sleeper.isInterrupted()) {
                LockSupport.park(this);
            }
        } finally {
            parked.remove(sleeper);
        }
    }

    private void poll(int offset, int expected, long nanos) {
        Thread thread = Thread.currentThread();
        long start = System.nanoTime();
        long pause = FIRST_POLL_NANOS;
        parked.add(thread);
        try {
            while (Words.intVolatile(memory, offset) == expected && !closed && !thread.isInterrupted()) {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, Math.min(pause, left));
                pause = Math.min(pause * 2, LONGEST_POLL_NANOS);
            }
        } finally {
            parked.remove(thread);
        }
    }

    private static ExecutorService sleepers() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_IDLE_SLEEPER_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "pm-sleeper");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** One sleep on behalf of a virtual thread. */
    private final class Sleep implements Runnable {
        private final Thread sleeper;
        private final int offset;
        private final int expected;
        private final long nanos;
        volatile boolean done;

        Sleep(Thread sleeper, int offset, int expected, long nanos) {
            this.sleeper = sleeper;
            this.offset = offset;
            this.expected = expected;
            this.nanos = nanos;
        }

        @Override
        public void run() {
            try {
                sleep(offset, expected, nanos);
            } finally {
                done = true;
                LockSupport.unpark(sleeper);
            }
        }
    }

    /** Whether this process may use futexes, tried once on the first mapped region. */
    private static final class Kernel {
        private static volatile boolean tried;
        private static volatile @Nullable String reason;

        private Kernel() {}

        static @Nullable String reason(long address, ByteBuffer memory) {
            if (!tried) {
                String found = NativeLayer.available()
                        ? Futex.unavailableReason(address, Words.intPlain(memory, RegionLayout.MAGIC))
                        : NativeLayer.unavailableReason();
                if (found != null) {
                    LOG.warn("no futexes ({}): waits between processes poll", found);
                }
                reason = found;
                tried = true;
            }
            return reason;
        }
    }
}
