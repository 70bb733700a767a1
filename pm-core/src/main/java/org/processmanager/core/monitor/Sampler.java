package org.processmanager.core.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.Wait;

/**
 * Measures the load of processes between its samples. Each sampler keeps its own previous sample, and nothing else is cached:
 * the first interval begins when the sampler is created, and samplers do not affect each other. Of a process that has not run
 * since the previous sample, the arguments and the user are those of that sample, and its resident memory is known to some
 * hundred pages.
 *
 * <p>With the native layer, processor time is read to the nanosecond, and intervals may be as short as the caller wants.
 * Without it, it is known to {@code 10 ms}: the load over 100 ms is then correct to about 20 percentage points.
 *
 * <pre>{@code
 * Sampler sampler = Sampler.ofAll();
 * Thread.sleep(100);
 * Sample sample = sampler.sample();
 * }</pre>
 *
 * <p>Thread-safe; concurrent samples are taken one after another.
 */
public final class Sampler {
    private static final double PERCENT = 100;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(KernelUnits.TICK_MILLIS);
    /** If more passes between two readings of the clock, the thread was not running, and they do not match. */
    private static final long MOST_APART_NANOS = 200_000;

    private static final int MOST_ATTEMPTS = 3;

    private final Function<LongFunction<@Nullable ProcessSnapshot>, List<ProcessSnapshot>> reader;
    private final boolean exact = NativeLayer.available();

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock:
    private Map<ProcessIdentity, Reading> previous = Map.of();
    private long previousNanos;

    /** Processor time at a moment; -1 if it is not known. */
    private record CpuTime(long nanos, long atNanos) {
        static final CpuTime UNKNOWN = new CpuTime(-1, 0);
    }

    /** The state of a process, and its processor time, which was read before that if {@code isEarly}. */
    private record Reading(ProcessSnapshot process, CpuTime cpu, boolean isEarly) {
        long cpuNanos() {
            return cpu.nanos() >= 0 ? cpu.nanos() : process.cpuTime().toNanos();
        }
    }

    private Sampler(Function<LongFunction<@Nullable ProcessSnapshot>, List<ProcessSnapshot>> reader) {
        this.reader = reader;
        previousNanos = System.nanoTime();
        previous = read();
    }

    /**
     * Creates a sampler of all processes that are visible to this user, and begins its first interval.
     *
     * @return the sampler
     * @throws ResourcesExhaustedException if the processes cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException as from {@link ProcessTable#list()}
     */
    public static Sampler ofAll() {
        return new Sampler(ProcessTable::list);
    }

    /**
     * Creates a sampler of the processes that a manager has started and that have not completed, and begins its first
     * interval.
     *
     * @param manager the manager
     * @return the sampler
     * @throws ResourcesExhaustedException if the processes cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException as from {@link ProcessTable#list()}
     */
    public static Sampler startedBy(ProcessManager manager) {
        Objects.requireNonNull(manager, "manager");
        return new Sampler(unchanged -> ProcessTable.startedBy(manager));
    }

    /**
     * Creates a sampler of some processes, and begins its first interval. A later process with the same pid is not one of
     * them.
     *
     * @param processes which processes
     * @return the sampler
     * @throws ResourcesExhaustedException if they cannot be read, for example because no descriptor is free
     * @throws UnsupportedOperationException as from {@link ProcessTable#list()}
     */
    public static Sampler of(Collection<ProcessIdentity> processes) {
        List<ProcessIdentity> wanted = List.copyOf(Objects.requireNonNull(processes, "processes"));
        return new Sampler(unchanged -> ProcessTable.list(wanted));
    }

    /**
     * Takes a sample and begins the next interval.
     *
     * @return the processes and their load since the previous sample
     * @throws ResourcesExhaustedException if the processes cannot be read, for example because no descriptor is free; the
     *     interval then continues
     */
    public Sample sample() {
        lock.lock();
        try {
            return nextSample();
        } finally {
            lock.unlock();
        }
    }

    private Sample nextSample() {
        long begin = System.nanoTime();
        Map<ProcessIdentity, Reading> now = read();
        Instant time = Instant.now();
        Map<Long, Double> percents = new HashMap<>();
        for (Reading reading : now.values()) {
            percents.put(
                    reading.process().pid(),
                    percent(reading, previous.get(reading.process().identity()), time));
        }
        List<ProcessSnapshot> exited = new ArrayList<>();
        for (Reading reading : previous.values()) {
            if (!now.containsKey(reading.process().identity())) {
                exited.add(reading.process());
            }
        }
        Duration interval = Duration.ofNanos(begin - previousNanos);
        previous = now;
        previousNanos = begin;
        return new Sample(
                time, interval, now.values().stream().map(Reading::process).toList(), exited, percents);
    }

    private double percent(Reading now, @Nullable Reading before, Instant time) {
        if (before != null) {
            long elapsed = Math.max(1, now.cpu().atNanos() - before.cpu().atNanos());
            return PERCENT * Math.max(0, now.cpuNanos() - before.cpuNanos()) / elapsed;
        }
        long age = Duration.between(now.process().startTime(), time).toNanos() + TICK_NANOS;
        long elapsed = Math.min(Math.max(TICK_NANOS, age), Math.max(1, now.cpu().atNanos() - previousNanos));
        return PERCENT * now.cpuNanos() / elapsed;
    }

    /**
     * A process whose processor time is the same, to the nanosecond, as before its last state was read has not run since, so
     * that most of its state needs not be read again.
     */
    private Map<ProcessIdentity, Reading> read() {
        Map<Long, Reading> lastByPid = new HashMap<>();
        previous.values().forEach(last -> lastByPid.put(last.process().pid(), last));
        Map<Long, CpuTime> early = new HashMap<>();
        Map<ProcessIdentity, Reading> readings = new LinkedHashMap<>();
        List<ProcessSnapshot> processes = reader.apply(pid -> {
            Reading last = lastByPid.get(pid);
            if (last == null) {
                return null;
            }
            CpuTime now = cpuTime(pid);
            early.put(pid, now);
            return last.isEarly() && last.cpu().nanos() == now.nanos() ? last.process() : null;
        });
        for (ProcessSnapshot process : processes) {
            CpuTime cpu = early.getOrDefault(process.pid(), CpuTime.UNKNOWN);
            boolean isEarly = cpu.nanos() >= 0 && previous.containsKey(process.identity()); // else a later process
            readings.put(process.identity(), new Reading(process, isEarly ? cpu : cpuTime(process.pid()), isEarly));
        }
        return readings;
    }

    private CpuTime cpuTime(long pid) {
        long nanos = -1;
        long before = System.nanoTime();
        for (int attempt = 0; exact && attempt < MOST_ATTEMPTS; attempt++) {
            nanos = Wait.cpuNanos((int) pid);
            long after = System.nanoTime();
            if (after - before <= MOST_APART_NANOS) {
                break;
            }
            before = System.nanoTime();
        }
        return new CpuTime(nanos, before);
    }
}
