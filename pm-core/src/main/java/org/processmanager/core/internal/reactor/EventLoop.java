package org.processmanager.core.internal.reactor;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.util.QuietLog;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches descriptors and timers by one epoll instance, and runs their handlers on the one thread that drives it.
 *
 * <p>All but {@link #execute}, {@link #wakeUp} and {@link #load} belong to the driving thread; what comes from other
 * threads comes as a task. A loop without a driver keeps its tasks until somebody drives it again. While nothing happens a
 * driver sleeps in the kernel without a bound.
 *
 * <p>Events carry a token that is never used twice: one that was fetched before its watch was cancelled, or that the kernel
 * still reports because a child being born holds a duplicate of the description, finds no watch and is dropped.
 */
public final class EventLoop {
    /** What happens when a watched descriptor is ready. */
    @FunctionalInterface
    public interface Handler {
        /** Called with the bits of {@link Poll} that stand. It must not block. */
        void ready(int events);
    }

    /** An action that waits for its time. */
    public interface Timer {
        /** Takes the timer back; nothing happens if it was already run. */
        void cancel();
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int EVENTS_PER_TURN = 64;
    private static final long WAKE_TOKEN = 0;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** What hangs on the end of a process takes less. */
    private static final int PROOF_BYTES = 64 * 1024;

    private static final long STARVED_PAUSE_NANOS = 5 * NANOS_PER_MILLI;
    private static final long HAND_OFF_RETRY_NANOS = 50 * NANOS_PER_MILLI;
    private static final byte[] ONE = ByteBuffer.allocate(Long.BYTES)
            .order(java.nio.ByteOrder.nativeOrder())
            .putLong(1)
            .array();

    private final int epoll;
    private final int wakeup;
    private final Poll.Events events = new Poll.Events(EVENTS_PER_TURN);
    private final byte[] wakeupCount = new byte[Long.BYTES];
    private ByteBuffer buffer = Buffers.acquire();
    private long address = Files.addressOf(buffer);
    private final Watches watches = new Watches();
    private final Timers timers = new Timers();
    /** Made once: a turn takes no memory of its own. */
    private final Consumer<Runnable> guarded = this::guard;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Postponed postponed = new Postponed();
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final AtomicInteger load = new AtomicInteger();
    private volatile @Nullable Thread driver;
    /** Memory was missing, and that was told; it was not seen to be there again. */
    private boolean starved;

    private volatile byte @Nullable [] proof;

    /** A loop that nobody drives yet. */
    public EventLoop() {
        QuietLog.load();
        epoll = Poll.create();
        try {
            wakeup = Poll.createEventCounter();
        } catch (RuntimeException e) {
            Files.close(epoll);
            throw e;
        }
        Poll.add(epoll, wakeup, Poll.IN, WAKE_TOKEN);
    }

    /** Runs a task on the driving thread, soon; from any thread. One that fails for want of memory is run again. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != driver) {
            wakeUp();
        }
    }

    /** Lets the driver take a turn even if nothing happened; from any thread. */
    public void wakeUp() {
        if (wakePending.compareAndSet(false, true)) {
            Files.write(wakeup, ONE, ONE.length);
        }
    }

    /**
     * Runs a task on a thread that may block, soon; from any thread. Where none can be made now it is tried again by this
     * loop until one can.
     */
    public void handOff(Runnable task) {
        try {
            Threads.WORKERS.execute(task);
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            if (isDrivenHere()) {
                postpone(task, true, e);
            } else {
                Threads.pause(HAND_OFF_RETRY_NANOS);
                execute(() -> handOff(task));
            }
        }
    }

    /** Whether the calling thread drives the loop. */
    public boolean isDrivenHere() {
        return Thread.currentThread() == driver;
    }

    /** Runs an action a little later, since there is no memory to do it now; takes none itself. For the driver. */
    public void runAgain(Runnable action, OutOfMemoryError why) {
        postpone(action, false, why);
    }

    private void postpone(Runnable action, boolean mayBlock, Throwable why) {
        starved |= why instanceof OutOfMemoryError;
        boolean first = postponed.isEmpty();
        if (!postponed.add(action, mayBlock)) {
            complain(why);
        } else if (first) {
            QuietLog.log(LOG, "no memory or thread for what the event loop has to do; it tries again", why);
        }
    }

    /** How many units of work were put on this loop, as {@link #addLoad} counts them; from any thread. */
    public int load() {
        return load.get();
    }

    /** Counts work that was put on this loop (1) or taken from it (-1); from any thread. */
    public void addLoad(int change) {
        load.addAndGet(change);
    }

    /**
     * Watches a descriptor, level-triggered.
     *
     * @throws org.processmanager.core.internal.posix.PosixException if the kernel refuses; then nothing is watched
     */
    public Watch watch(int fd, int interest, Handler handler) {
        Watch watch = new Watch(watches.reserve(), fd, interest, handler);
        Poll.add(epoll, fd, interest, watch.token);
        watches.put(watch.token, watch);
        return watch;
    }

    /** Runs an action once, after a time of the monotonic clock. */
    public Timer schedule(long nanos, Runnable action) {
        return timers.schedule(nanos, action);
    }

    /**
     * Whether there is memory, for what cannot be done again if it fails half way. Takes some only after it was missing, to
     * see whether it is there again.
     */
    public boolean hasMemory() {
        if (!starved) {
            return true;
        }
        try {
            proof = new byte[PROOF_BYTES];
            starved = false;
        } catch (OutOfMemoryError e) {
            // still not
        } finally {
            proof = null;
        }
        return !starved;
    }

    /** The loop's own direct buffer, cleared, for the duration of one handler. */
    public ByteBuffer buffer() {
        return buffer.clear();
    }

    /** As {@link Files#read(int, ByteBuffer)} into the loop's buffer, from its start; takes no memory. */
    public int read(int fd, int most) {
        int n = Files.read(fd, address, Math.min(most, Buffers.BYTES));
        buffer.clear().position(Math.max(0, n));
        return n;
    }

    /** What was {@linkplain #read read}, to be flipped. */
    public ByteBuffer filled() {
        return buffer;
    }

    /**
     * Gives the loop's buffer away with what is in it, to be released to {@link Buffers} by whoever has it in the end; null
     * if there is no memory for another.
     */
    public @Nullable ByteBuffer giveAwayBuffer() {
        try {
            ByteBuffer given = buffer;
            ByteBuffer next = Buffers.acquire();
            address = Files.addressOf(next);
            buffer = next;
            return given;
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    /** Whether nothing is watched or timed. */
    public boolean isIdle() {
        return watches.isEmpty() && timers.isEmpty() && postponed.isEmpty();
    }

    /**
     * Drives the loop on the calling thread until the condition, asked after each turn, is true. Nothing else ends it: a
     * turn that fails for want of memory, say, is taken again, and the kernel tells once more of what it did not see to.
     */
    public void drive(BooleanSupplier done) {
        Thread other = driver;
        if (other != null) {
            throw new IllegalStateException("the loop is driven by " + other.getName());
        }
        driver = Thread.currentThread();
        try {
            boolean more = true;
            boolean first = true;
            while (more) {
                try {
                    if (first) {
                        first = false;
                        runTasks();
                    }
                    more = !done.getAsBoolean();
                    if (more) {
                        turn();
                    }
                } catch (Throwable e) {
                    first = true;
                    recover(e);
                }
            }
        } finally {
            driver = null;
        }
    }

    /** With a full heap even loading a class fails, or parking: whatever cannot be done here is left out. */
    private void recover(Throwable failure) {
        try {
            starved |= failure instanceof OutOfMemoryError;
            // The wake-up may have been taken out of the counter already.
            wakePending.set(false);
            QuietLog.log(LOG, "a turn of the event loop failed; the loop goes on", failure);
            Threads.pauseIfPossible(STARVED_PAUSE_NANOS);
        } catch (Throwable e) {
            // the next turn may do better
        }
    }

    private void turn() {
        int n = events.await(epoll, millisToWait());
        boolean noMemory = false;
        for (int i = 0; i < n; i++) {
            long token = events.token(i);
            if (token == WAKE_TOKEN) {
                Files.read(wakeup, wakeupCount, wakeupCount.length);
                // Before the tasks are taken: one that is added from here on writes a wake-up of its own.
                wakePending.set(false);
                continue;
            }
            Watch watch = watches.get(token);
            if (watch != null) {
                int ready = events.events(i);
                try {
                    watch.handler.ready(ready);
                } catch (OutOfMemoryError e) {
                    noMemory = true;
                    if (!starved) {
                        starved = true;
                        complain(e);
                    }
                } catch (Throwable e) {
                    complain(e);
                }
            }
        }
        timers.fire(guarded);
        runTasks();
        if (noMemory) {
            // The kernel tells again of what could not be seen to, at once: each try costs the whole JVM a collection.
            Threads.pauseIfPossible(STARVED_PAUSE_NANOS);
        }
    }

    private int millisToWait() {
        if (!tasks.isEmpty()) {
            return 0;
        }
        int longest = postponed.isEmpty() ? Integer.MAX_VALUE : Postponed.RETRY_MILLIS;
        if (timers.isEmpty()) {
            return postponed.isEmpty() ? -1 : longest;
        }
        return (int) Math.min(timers.millisToFirst(), longest);
    }

    private void runTasks() {
        if (!postponed.isEmpty()) {
            postponed.retry(this);
        }
        Runnable task;
        while ((task = tasks.poll()) != null) {
            guard(task);
        }
    }

    /** One handler's mistake must not end the thread that all others depend on. */
    void guard(Runnable action) {
        try {
            action.run();
        } catch (OutOfMemoryError e) {
            runAgain(action, e);
        } catch (Throwable e) {
            complain(e);
        }
    }

    private static void complain(Throwable e) {
        QuietLog.log(LOG, "a handler of the event loop failed; the loop goes on", e);
    }

    /** A watched descriptor. */
    public final class Watch {
        private final long token;
        private final int fd;
        private final int interest;
        private final Handler handler;
        private boolean registered = true;

        private Watch(long token, int fd, int interest, Handler handler) {
            this.token = token;
            this.fd = fd;
            this.interest = interest;
            this.handler = handler;
        }

        long token() {
            return token;
        }

        /** Hears nothing until {@link #resume}; leaving epoll is the only way not to hear of a hang-up. */
        public void pause() {
            if (registered) {
                Poll.remove(epoll, fd);
                registered = false;
            }
        }

        /** Hears of the descriptor again after {@link #pause}. */
        public void resume() {
            if (!registered) {
                Poll.add(epoll, fd, interest, token);
                registered = true;
            }
        }

        /** Ends the watch; call it before the descriptor is closed. */
        public void cancel() {
            if (watches.remove(token)) {
                pause();
            }
        }
    }
}
