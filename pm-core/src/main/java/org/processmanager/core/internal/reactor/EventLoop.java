package org.processmanager.core.internal.reactor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.QuietLog;
import org.processmanager.core.internal.util.Threads;

/**
 * Watches descriptors and timers with one epoll instance and runs their handlers on the thread that drives it.
 *
 * <p>All methods but {@link #execute}, {@link #executeBlocking}, {@link #wakeUp}, {@link #isDrivenHere} and {@link #load}
 * must be called by the driving thread; other threads submit tasks. A loop without a driver keeps its tasks until it is
 * driven again. While nothing happens the driver sleeps in the kernel without a time limit.
 *
 * <p>Events carry a token that is never used twice. An event that was fetched before its watch was cancelled, or that the
 * kernel still reports because a child that is being started holds a duplicate of the description, finds no watch and is
 * dropped.
 */
public final class EventLoop {
    /** Handles the events of a watched descriptor. */
    @FunctionalInterface
    public interface Handler {
        /** Called with the pending event bits of {@link Poll}. Must not block. */
        void ready(int events);
    }

    /** A scheduled action. */
    public interface Timer {
        /** Cancels the action; no effect if it was already run. */
        void cancel();
    }

    private static final int EVENTS_PER_TURN = 64;
    private static final long WAKE_TOKEN = 0;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long FAILED_TURN_PAUSE_NANOS = 5 * NANOS_PER_MILLI;
    private static final long NO_THREAD_RETRY_NANOS = 50 * NANOS_PER_MILLI;
    private static final byte[] ONE = ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(1)
            .array();

    private final int epoll;
    private final int wakeup;
    private final Poll.Events events = new Poll.Events(EVENTS_PER_TURN);
    private final byte[] wakeupCount = new byte[Long.BYTES];
    private ByteBuffer buffer = Buffers.acquire();
    private long address = Files.addressOf(buffer);
    /** By their tokens. */
    private final Map<Long, Watch> watches = new HashMap<>();

    /** The earliest first. */
    private final TreeSet<PendingTimer> timers = new TreeSet<>();

    private long lastToken = WAKE_TOKEN;
    private long lastTimer;
    private final Executor blockingExecutor = new BlockingExecutor();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final AtomicInteger load = new AtomicInteger();
    private volatile @Nullable Thread driver;

    /** Creates a loop that no thread drives yet. */
    public EventLoop() {
        epoll = Poll.create();
        try {
            wakeup = Poll.createEventCounter();
        } catch (RuntimeException e) {
            Files.close(epoll);
            throw e;
        }
        Poll.add(epoll, wakeup, Poll.IN, WAKE_TOKEN);
    }

    /** Runs a task on the driving thread, soon. Thread-safe. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != driver) {
            wakeUp();
        }
    }

    /** Makes the driver take a turn even if no event is pending. Thread-safe. */
    public void wakeUp() {
        if (wakePending.compareAndSet(false, true)) {
            Files.write(wakeup, ONE, ONE.length);
        }
    }

    /** Runs a task on a thread that may block, soon; retries until a thread can be created. Thread-safe. */
    public void executeBlocking(Runnable task) {
        try {
            Threads.WORKERS.execute(task);
        } catch (OutOfMemoryError e) {
            QuietLog.log(EventLoop.class, "no thread can be created for the event loop; it tries again", e);
            execute(() -> schedule(NO_THREAD_RETRY_NANOS, () -> executeBlocking(task)));
        }
    }

    /** Returns the threads that may block, as an executor. Thread-safe. */
    public Executor blockingExecutor() {
        return blockingExecutor;
    }

    /** Returns whether the calling thread drives the loop. Thread-safe. */
    public boolean isDrivenHere() {
        return Thread.currentThread() == driver;
    }

    /** Returns how many units of work this loop has, as {@link #addLoad} counts them. Thread-safe. */
    public int load() {
        return load.get();
    }

    /** Counts work that was given to this loop (1) or is finished (-1). Thread-safe. */
    public void addLoad(int change) {
        load.addAndGet(change);
    }

    /**
     * Watches a descriptor, level-triggered; with {@link Poll#ONE_SHOT} until its first event.
     *
     * @throws org.processmanager.core.internal.posix.PosixException if the kernel refuses; then nothing is watched
     */
    public Watch watch(int fd, int interest, Handler handler) {
        Watch watch = new Watch(++lastToken, fd, interest, handler);
        Poll.add(epoll, fd, interest, watch.token);
        watches.put(watch.token, watch);
        return watch;
    }

    /** Runs an action once, after a delay by the monotonic clock. */
    public Timer schedule(long nanos, Runnable action) {
        PendingTimer timer = new PendingTimer(System.nanoTime() + Math.min(nanos, Nanos.FOREVER), ++lastTimer, action);
        timers.add(timer);
        return timer;
    }

    /** Returns the loop's own direct buffer, cleared; valid until the handler returns. */
    public ByteBuffer buffer() {
        return buffer.clear();
    }

    /** Reads at most {@code most} bytes into the loop's buffer, from its start; result as of {@link Files#read}. */
    public int read(int fd, int most) {
        int n = Files.read(fd, address, Math.min(most, Buffers.BYTES));
        buffer.clear().position(Math.max(0, n));
        return n;
    }

    /** Returns the buffer with the bytes of the last {@link #read}, to be flipped. */
    public ByteBuffer filled() {
        return buffer;
    }

    /** Detaches the loop's buffer with its content. The new owner must release it to {@link Buffers}. */
    public ByteBuffer detachBuffer() {
        ByteBuffer next = Buffers.acquire();
        ByteBuffer detached = buffer;
        address = Files.addressOf(next);
        buffer = next;
        return detached;
    }

    /** Returns whether nothing is watched or scheduled. */
    public boolean isIdle() {
        return watches.isEmpty() && timers.isEmpty();
    }

    /**
     * Drives the loop on the calling thread until the condition, tested after each turn, is true. A turn that fails is
     * logged and repeated: the kernel reports again what was not handled.
     */
    public void drive(BooleanSupplier done) {
        Thread other = driver;
        if (other != null) {
            throw new IllegalStateException("the loop is driven by " + other.getName());
        }
        driver = Thread.currentThread();
        try {
            runTasks();
            while (true) {
                try {
                    if (done.getAsBoolean()) {
                        return;
                    }
                    turn();
                } catch (Throwable e) {
                    recover(e); // which runs tasks, so the condition may be true now
                }
            }
        } finally {
            driver = null;
        }
    }

    private void recover(Throwable failure) {
        // The wake-up may have been taken out of the counter already.
        wakePending.set(false);
        QuietLog.log(EventLoop.class, "a turn of the event loop failed; the loop continues", failure);
        Threads.pause(FAILED_TURN_PAUSE_NANOS);
        runTasks();
    }

    private void turn() {
        int n = events.await(epoll, millisToWait());
        for (int i = 0; i < n; i++) {
            long token = events.token(i);
            if (token == WAKE_TOKEN) {
                Files.read(wakeup, wakeupCount, wakeupCount.length);
                // Before the tasks are taken: a task that is added from here on writes a wake-up of its own.
                wakePending.set(false);
                continue;
            }
            Watch watch = watches.get(token);
            if (watch != null) {
                watch.reported();
                try {
                    watch.handler.ready(events.events(i));
                } catch (Throwable e) {
                    logFailure(e);
                }
            }
        }
        while (!timers.isEmpty() && timers.first().nanosLeft() <= 0) {
            run(timers.pollFirst().action);
        }
        runTasks();
    }

    private int millisToWait() {
        if (!tasks.isEmpty()) {
            return 0;
        }
        if (timers.isEmpty()) {
            return -1;
        }
        // Rounded up, so that the timer is due then.
        long millis = Math.max(0, timers.first().nanosLeft() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private void runTasks() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            run(task);
        }
    }

    /** Contains a failure: it must not end the thread that all other handlers depend on. */
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            logFailure(e);
        }
    }

    private static void logFailure(Throwable e) {
        QuietLog.log(EventLoop.class, "a handler of the event loop failed; the loop continues", e);
    }

    private final class BlockingExecutor implements Executor {
        @Override
        public void execute(Runnable task) {
            executeBlocking(task);
        }
    }

    private final class PendingTimer implements Timer, Comparable<PendingTimer> {
        private final long deadlineNanos;
        private final long number;
        private final Runnable action;

        private PendingTimer(long deadlineNanos, long number, Runnable action) {
            this.deadlineNanos = deadlineNanos;
            this.number = number;
            this.action = action;
        }

        private long nanosLeft() {
            return deadlineNanos - System.nanoTime();
        }

        @Override
        public void cancel() {
            timers.remove(this);
        }

        @Override
        public int compareTo(PendingTimer other) {
            // The difference, not the values: nanoTime may overflow.
            int byTime = Long.signum(deadlineNanos - other.deadlineNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
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

        private void reported() {
            if ((interest & Poll.ONE_SHOT) != 0) {
                registered = false; // disabled by the kernel: no call is needed to cancel it
            }
        }

        /** Suspends the watch until {@link #resume}. It leaves epoll, which would otherwise still report a hang-up. */
        public void pause() {
            if (registered) {
                Poll.remove(epoll, fd);
                registered = false;
            }
        }

        /** Resumes the watch after {@link #pause}. */
        public void resume() {
            if (!registered) {
                Poll.add(epoll, fd, interest, token);
                registered = true;
            }
        }

        /** Cancels the watch; required before the descriptor is closed. Idempotent. */
        public void cancel() {
            if (watches.remove(token, this)) {
                pause();
            }
        }
    }
}
