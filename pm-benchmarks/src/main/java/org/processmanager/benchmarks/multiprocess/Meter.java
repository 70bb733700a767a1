package org.processmanager.benchmarks.multiprocess;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums the resources that this JVM uses between {@link #start()} and {@link #stop()}, over any number of such phases.
 *
 * <p>Allocations are those of the threads that are alive at the end of a phase; from JDK 21 on, of all threads. On
 * JDK 17 a peer that starts threads for each process therefore appears better than it is.
 */
public final class Meter {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private double cpuSeconds;
    private double allocatedBytes;
    private double cpuAtStart;
    private Allocations allocationsAtStart = new Allocations(0, Map.of());

    public Meter() {
        THREADS.resetPeakThreadCount();
    }

    public void start() {
        allocationsAtStart = Allocations.now();
        cpuAtStart = cpuSecondsNow();
    }

    public void stop() {
        cpuSeconds += cpuSecondsNow() - cpuAtStart;
        allocatedBytes += Allocations.now().since(allocationsAtStart);
    }

    public ResourceUsage used() {
        return new ResourceUsage(cpuSeconds, allocatedBytes, peakRssBytes(), THREADS.getPeakThreadCount());
    }

    private static double cpuSecondsNow() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    private static double peakRssBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024.0;
                }
            }
        } catch (IOException e) {
            // not measured: this system has no such file
        }
        return Double.NaN;
    }

    /**
     * Bytes allocated by threads since their start: the total if the JDK reports it, otherwise for each live thread.
     */
    private record Allocations(long total, Map<Long, Long> byThread) {
        static Allocations now() {
            try {
                Object total = com.sun.management.ThreadMXBean.class
                        .getMethod("getTotalThreadAllocatedBytes")
                        .invoke(THREADS);
                return new Allocations((Long) total, Map.of());
            } catch (ReflectiveOperationException jdkBefore21) {
                long[] ids = THREADS.getAllThreadIds();
                long[] bytes = THREADS.getThreadAllocatedBytes(ids);
                Map<Long, Long> byThread = new HashMap<>();
                for (int i = 0; i < ids.length; i++) {
                    byThread.put(ids[i], bytes[i]);
                }
                return new Allocations(0, byThread);
            }
        }

        long since(Allocations start) {
            long sum = total - start.total;
            for (Map.Entry<Long, Long> thread : byThread.entrySet()) {
                sum += Math.max(0, thread.getValue() - start.byThread.getOrDefault(thread.getKey(), 0L));
            }
            return sum;
        }
    }
}
