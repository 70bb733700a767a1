package org.processmanager.benchmarks.multiprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures an idle JVM: its CPU time, and how often its threads wake up. Reads the kernel's figures of each thread,
 * in nanoseconds; the reading thread is not counted.
 */
public final class IdleMeter {
    /** Threads of the JVM itself, which wake up in any program; the kernel truncates a name to 15 characters. */
    private static final Set<String> JVM_THREADS = Set.of(
            "java",
            "VM Periodic Tas",
            "VM Thread",
            "Signal Dispatch",
            "Finalizer",
            "Reference Handl",
            "Service Thread",
            "Monitor Deflati",
            "Common-Cleaner",
            "Notification Th",
            "Attach Listener",
            "Sweeper thread");

    private final Map<String, Thread> before;
    private final long startNanos;

    public IdleMeter() {
        threads(); // once before, to load the code
        before = threads();
        startNanos = System.nanoTime();
    }

    /** Returns the CPU time since the creation of this meter, in percent of one processor. */
    public double cpuPercent() {
        return cpuPercent(thread -> true);
    }

    /** Returns the part of it that an empty JVM would not use. */
    public double cpuPercentOutsideTheJvm() {
        return cpuPercent(thread -> !thread.belongsToJvm());
    }

    private double cpuPercent(Predicate<Thread> counts) {
        long nanos = 0;
        for (Map.Entry<String, Thread> thread : threads().entrySet()) {
            Thread earlier = before.get(thread.getKey());
            if (counts.test(thread.getValue())) {
                nanos += thread.getValue().nanos - (earlier == null ? 0 : earlier.nanos);
            }
        }
        return 100.0 * nanos / (System.nanoTime() - startNanos);
    }

    /**
     * Returns the wake-ups per second since the creation of this meter, by thread name, without the JVM's own threads
     * and threads that did not wake up.
     */
    public Map<String, Double> wakeUps() {
        double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        Map<String, Double> perSecond = new HashMap<>();
        for (Map.Entry<String, Thread> thread : threads().entrySet()) {
            Thread now = thread.getValue();
            Thread earlier = before.get(thread.getKey());
            long woke = now.wakeUps - (earlier == null ? 0 : earlier.wakeUps);
            if (woke > 0 && !now.belongsToJvm()) {
                perSecond.merge(now.name, woke / seconds, Double::sum);
            }
        }
        return perSecond;
    }

    private static Map<String, Thread> threads() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            Map<String, Thread> threads = new HashMap<>();
            Path reader = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            for (Path task :
                    tasks.filter(each -> !each.getFileName().equals(reader)).toList()) {
                try {
                    threads.put(task.getFileName().toString(), Thread.read(task));
                } catch (NoSuchFileException terminated) {
                    // its earlier work is lost; a thread that terminates is not idle and is visible elsewhere
                }
            }
            return threads;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self/task, which exists on Linux only", e);
        }
    }

    private record Thread(String name, long nanos, long wakeUps) {
        static Thread read(Path task) throws IOException {
            List<String> status = Files.readAllLines(task.resolve("status"));
            Map<String, String> values = status.stream()
                    .map(line -> line.split(":", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip()));
            String schedule = Files.readString(task.resolve("schedstat"));
            return new Thread(
                    values.get("Name"),
                    Long.parseLong(schedule.split(" ")[0]),
                    Long.parseLong(values.get("voluntary_ctxt_switches")));
        }

        boolean belongsToJvm() {
            return JVM_THREADS.contains(name)
                    || name.startsWith("G1 ")
                    || name.startsWith("GC Thread")
                    || name.startsWith("C1 ")
                    || name.startsWith("C2 ");
        }
    }
}
