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
 * What this JVM does while it should do nothing: time on the processors, and how often its threads woke. Reads the kernel's
 * own figures of each thread, to the nanosecond; the thread that reads does not count.
 */
public final class IdleMeter {
    /** The JVM's own, which wake whoever runs in it; the kernel keeps fifteen letters of a name. */
    private static final Set<String> OF_THE_JVM = Set.of(
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
        threads(); // once before, so that its code is loaded
        before = threads();
        startNanos = System.nanoTime();
    }

    /** Busy share of one processor since this was made, in percent. */
    public double cpuPercent() {
        return cpuPercent(thread -> true);
    }

    /** The part of it that an empty JVM would not have. */
    public double cpuPercentBesideTheJvm() {
        return cpuPercent(thread -> !thread.ofTheJvm());
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

    /** Wake-ups a second since this was made, by thread, of threads that are not the JVM's own and woke at all. */
    public Map<String, Double> wakeUps() {
        double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        Map<String, Double> perSecond = new HashMap<>();
        for (Map.Entry<String, Thread> thread : threads().entrySet()) {
            Thread now = thread.getValue();
            Thread earlier = before.get(thread.getKey());
            long woke = now.wakeUps - (earlier == null ? 0 : earlier.wakeUps);
            if (woke > 0 && !now.ofTheJvm()) {
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
                } catch (NoSuchFileException ended) {
                    // What it did before is lost; a thread that ends is not idle and shows elsewhere.
                }
            }
            return threads;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self/task, which only Linux has", e);
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

        boolean ofTheJvm() {
            return OF_THE_JVM.contains(name)
                    || name.startsWith("G1 ")
                    || name.startsWith("GC Thread")
                    || name.startsWith("C1 ")
                    || name.startsWith("C2 ");
        }
    }
}
