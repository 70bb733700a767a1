package org.processmanager.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.sync.internal.graph.DeadlockWatcher;
import org.processmanager.sync.internal.graph.GraphReader;
import org.processmanager.sync.internal.region.WaitInspector;

/**
 * Which threads wait for objects of some regions, in all processes, and which threads own these objects. Immutable.
 *
 * <p>The waits are those of one moment; they may have ended since. Threads that spin before they sleep are not among them. A
 * region has room for 256 waiting threads; threads beyond that are only counted.
 *
 * <p>A deadlock is reported only if it is certain: there was one moment at which each of its threads waited without a time
 * limit for a mutex or a read-write lock that the next one owned. It lasts until a thread is interrupted, a process ends, or a
 * region is closed or deleted. Waits with a time limit end by themselves, and a lease may be closed by any thread of its
 * process, so neither is part of a deadlock. Threads are recognized by the pid and start time of their process, so that a
 * deadlock may pass through several regions and several handles of one.
 *
 * @param time when it was read
 * @param waits the threads that wait, by region and object
 * @param deadlocks the threads that wait for each other
 * @param unlisted how many more threads wait, for which a region had no room
 */
public record WaitGraph(Instant time, List<Wait> waits, List<Deadlock> deadlocks, int unlisted) {
    /**
     * Creates a graph; the lists are copied.
     *
     * @param time when it was read
     * @param waits the threads that wait
     * @param deadlocks the threads that wait for each other
     * @param unlisted how many more threads wait
     */
    public WaitGraph {
        waits = List.copyOf(waits);
        deadlocks = List.copyOf(deadlocks);
    }

    /** What a thread waits for. */
    public enum Purpose {
        /** To acquire the object; if it is none that is acquired, to be let pass. */
        ACQUIRE,
        /** To read under a read-write lock. */
        READ,
        /** To write under a read-write lock, or to acquire its update lock. */
        WRITE
    }

    /**
     * A thread that waits for an object.
     *
     * @param pid its process
     * @param process main class of its process
     * @param thread its id
     * @param threadName its name, cut to 32 bytes
     * @param region file of the region
     * @param object name of the object
     * @param type of the object, such as {@code mutex}
     * @param purpose why it waits
     * @param since when it began
     * @param limited whether it waits for a limited time
     * @param owners those that own the object or parts of it, as far as they are known: for a writer that has closed a
     *     read-write lock, the readers
     */
    public record Wait(
            long pid,
            String process,
            long thread,
            String threadName,
            Path region,
            String object,
            String type,
            Purpose purpose,
            Instant since,
            boolean limited,
            List<RegionSnapshot.Owner> owners) {
        /**
         * Creates the description of a wait; the list is copied.
         *
         * @param pid its process
         * @param process main class of its process
         * @param thread its id
         * @param threadName its name
         * @param region file of the region
         * @param object name of the object
         * @param type of the object
         * @param purpose why it waits
         * @param since when it began
         * @param limited whether it waits for a limited time
         * @param owners those that own the object or parts of it
         */
        public Wait {
            owners = List.copyOf(owners);
        }
    }

    /**
     * Threads that wait for each other.
     *
     * @param waits each waits for an object that the thread of the next one owns; the last one, for one of the first. A thread
     *     that waits for itself, through another handle, is a deadlock of one.
     */
    public record Deadlock(List<Wait> waits) {
        /**
         * Creates a deadlock; the list is copied.
         *
         * @param waits each waits for the next one
         */
        public Deadlock {
            waits = List.copyOf(waits);
        }
    }

    /** Ends a {@link #watch}. */
    public static final class Watch implements AutoCloseable {
        private final DeadlockWatcher watcher;

        private Watch(DeadlockWatcher watcher) {
            this.watcher = watcher;
        }

        /** Ends the watch, but not a call of the listener that has begun. Non-blocking; idempotent; thread-safe. */
        @Override
        public void close() {
            watcher.close();
        }
    }

    /**
     * Reads the graph of some regions without opening them. Takes no slot, writes nothing and does not block.
     *
     * @param files the regions' files; a region that is named twice counts once
     * @return the graph
     * @throws RegionException if a file is no region that can be read
     */
    public static WaitGraph of(Path... files) {
        List<WaitInspector> regions = new ArrayList<>();
        try {
            for (Path file : Objects.requireNonNull(files, "files")) {
                regions.add(new WaitInspector(PathText.check("file", file).toAbsolutePath()));
            }
            return GraphReader.read(regions);
        } finally {
            regions.forEach(WaitInspector::close);
        }
    }

    /**
     * Reads the graph of some regions. Writes nothing and does not block.
     *
     * @param regions open handles; of several handles of one region, the first counts
     * @return the graph
     * @throws IllegalStateException if a handle is closed
     * @throws RegionException if a region was deleted or replaced, or its content is damaged
     */
    public static WaitGraph of(SharedMemory... regions) {
        return GraphReader.read(inspectors(regions));
    }

    /**
     * Reads the graph of some regions at intervals, on a thread of the library, and reports each deadlock once as a
     * {@link org.processmanager.core.event.ProcessEvent.DeadlockFound}, with the stacks of those threads that belong to this
     * process. It ends when it is closed, or when all regions are closed, deleted or replaced.
     *
     * @param interval between two readings, more than zero; one costs some microseconds for each region
     * @param listener receives the events, one after another; an exception is logged
     * @param regions open handles; a deadlock through several regions is found if all are given
     * @return the watch, to be closed
     * @throws IllegalArgumentException if the interval is zero or negative, or no region is given
     * @throws org.processmanager.core.ResourcesExhaustedException if no thread can be created
     */
    public static Watch watch(Duration interval, EventListener listener, SharedMemory... regions) {
        return new Watch(DeadlockWatcher.start(interval, listener, inspectors(regions)));
    }

    private static List<WaitInspector> inspectors(SharedMemory... regions) {
        List<WaitInspector> inspectors = new ArrayList<>();
        for (SharedMemory region : Objects.requireNonNull(regions, "regions")) {
            inspectors.add(new WaitInspector(Objects.requireNonNull(region, "region").region));
        }
        return inspectors;
    }
}
