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
import org.slf4j.LoggerFactory;

/**
 * Sleeps on 32-bit words of a region, and wakes the sleepers.
 *
 * <p>With futexes a platform thread sleeps in the kernel. A virtual thread parks, and a thread of an unbounded pool sleeps in
 * its place: a bounded pool would deadlock if its sleeps depend on queued ones. At most one thread per handle and word waits
 * here, so the pool has at most as many threads as there are contended words. Without futexes a thread polls the word at
 * growing intervals; {@link RegionLayout#POLLERS} then tells the other participants that it cannot wake them.
 *
 * <p>Every wait here is one slice (see {@link Slices}): an interrupted thread returns at its end at the latest.
 */
public final class Parking {

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

    /** Returns whether the kernel wakes sleepers; otherwise this handle polls, and cannot wake others. */
    public boolean isNative() {
        return futex;
    }

    /** Returns whether a participant has joined that polls. */
    public boolean hasPollers() {
        return (RegionLayout.flagsVolatile(memory) & RegionLayout.POLLERS) != 0;
    }

    /** Returns the slices of one wait. */
    public Slices slices() {
        return new Slices(this);
    }

    /**
     * Sleeps while the word is as expected, for at most a given time. May return spuriously.
     *
     * @throws IllegalStateException if the region is closed, before or while waiting
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

    /** Wakes at most {@code count} sleepers of all processes. Without futexes they poll. */
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
     * Parks the current thread until {@link LockSupport#unpark}, for at most a given time.
     *
     * @throws IllegalStateException if the region is closed, before or while waiting
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

    /** Wakes all sleepers of this handle, so that they check their words again. */
    public void wakeSleepers() {
        if (!closed) {
            wakeAsleep();
        }
    }

    private void wakeAsleep() {
        for (int offset : asleep.keySet()) {
            wakeAll(offset);
        }
    }

    /** Ends all waits of this handle; later ones end at once. */
    public void close() {
        closed = true;
        for (Thread thread : parked) {
            LockSupport.unpark(thread);
        }
        // A thread may be preempted just before its sleep: wake until it has left.
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
            try {
                Sleepers.POOL.execute(sleep);
            } catch (OutOfMemoryError e) {
                poll(offset, expected, nanos); // no thread can be created
                return;
            }
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

    /** The threads that sleep in place of virtual threads; created with the first such sleep. */
    private static final class Sleepers {
        static final ExecutorService POOL = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                KEEP_IDLE_SLEEPER_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> Threads.daemon("pm-sleeper", task));

        private Sleepers() {}
    }

    /** One sleep in place of a virtual thread. */
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

    /** Whether this process can use futexes, tried once on the first mapped region. */
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
                    LoggerFactory.getLogger(Parking.class).warn("no futexes ({}): waits between processes poll", found);
                }
                reason = found;
                tried = true;
            }
            return reason;
        }
    }
}
