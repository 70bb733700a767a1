package org.processmanager.sync.internal.graph;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.internal.region.WaitInspector;
import org.processmanager.sync.internal.region.WaitRecords;
import org.slf4j.LoggerFactory;

/** Reads the graph of some regions at intervals, and reports each deadlock once. One daemon thread. */
public final class DeadlockWatcher implements Runnable {
    private final long intervalNanos;
    private final EventListener listener;
    private final List<WaitInspector> regions;
    private final Thread thread = Threads.daemon("pm-deadlocks", this);
    private volatile boolean closed;

    private DeadlockWatcher(long intervalNanos, EventListener listener, List<WaitInspector> regions) {
        this.intervalNanos = intervalNanos;
        this.listener = listener;
        this.regions = new CopyOnWriteArrayList<>(regions);
    }

    /** Starts to watch. */
    public static DeadlockWatcher start(Duration interval, EventListener listener, List<WaitInspector> regions) {
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(listener, "listener");
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: more than zero)");
        }
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("regions: none (expected: at least one)");
        }
        DeadlockWatcher watcher = new DeadlockWatcher(Nanos.of(interval), listener, regions);
        try {
            watcher.thread.start();
        } catch (OutOfMemoryError e) {
            throw new ResourcesExhaustedException("no thread can be created that watches for deadlocks", e);
        }
        return watcher;
    }

    /** Ends the watch. */
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        Set<Object> known = new HashSet<>();
        while (!closed && !regions.isEmpty()) {
            Set<Object> present = new HashSet<>();
            for (WaitGraph.Deadlock deadlock : read()) {
                Object identity = identity(deadlock);
                if (present.add(identity) && !known.contains(identity) && !closed) {
                    report(deadlock);
                }
            }
            known = present;
            LockSupport.parkNanos(this, intervalNanos);
        }
    }

    /** Returns the deadlocks; none if a region cannot be read any longer, which is then left out. */
    private List<WaitGraph.Deadlock> read() {
        try {
            return GraphReader.read(regions).deadlocks();
        } catch (IllegalStateException | RegionException e) {
            regions.removeIf(region -> !region.isUsable());
            return List.of();
        }
    }

    /** Returns what is equal for the same deadlock in later graphs. */
    private static Object identity(WaitGraph.Deadlock deadlock) {
        Set<List<Object>> waits = new HashSet<>();
        for (WaitGraph.Wait wait : deadlock.waits()) {
            waits.add(List.of(wait.pid(), wait.thread(), wait.region(), wait.object(), wait.since()));
        }
        return waits;
    }

    private void report(WaitGraph.Deadlock deadlock) {
        List<ProcessEvent.BlockedThread> threads = new ArrayList<>();
        for (WaitGraph.Wait wait : deadlock.waits()) {
            threads.add(new ProcessEvent.BlockedThread(
                    wait.pid(),
                    wait.process(),
                    wait.thread(),
                    wait.threadName(),
                    wait.region().toString(),
                    wait.object(),
                    stack(wait)));
        }
        try {
            listener.onEvent(new ProcessEvent.DeadlockFound(
                    Instant.now(), ProcessHandle.current().pid(), threads));
        } catch (Throwable e) {
            LoggerFactory.getLogger(DeadlockWatcher.class).warn("a listener failed on a deadlock: {}", e.toString());
            LoggerFactory.getLogger(DeadlockWatcher.class).debug("stack trace of the listener", e);
        }
    }

    /** Returns the stack of a thread of this process; empty for others. */
    private static List<String> stack(WaitGraph.Wait wait) {
        Thread thread = wait.pid() == ProcessHandle.current().pid() ? WaitRecords.waitingThread(wait.thread()) : null;
        List<String> frames = new ArrayList<>();
        if (thread != null) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                frames.add(frame.toString());
            }
        }
        return frames;
    }
}
