package org.processmanager.core.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a {@link Sampler} found: the processes, their load since its previous sample, and those that have exited since.
 *
 * @param time when it was taken
 * @param interval the time since the previous sample
 * @param processes the processes, sorted by pid
 * @param exited the last state of the processes that are no longer there
 * @param cpuPercents the load of each process by its pid: processor time in percent of the interval, or of the time since its
 *     start if that is shorter; 100 is one processor busy all the time
 */
public record Sample(
        Instant time,
        Duration interval,
        List<ProcessSnapshot> processes,
        List<ProcessSnapshot> exited,
        Map<Long, Double> cpuPercents) {
    /**
     * Makes the collections unmodifiable.
     *
     * @param time when it was taken
     * @param interval the time since the previous sample
     * @param processes the processes
     * @param exited the processes that are no longer there
     * @param cpuPercents the load of each process
     */
    public Sample {
        processes = List.copyOf(processes);
        exited = List.copyOf(exited);
        cpuPercents = Map.copyOf(cpuPercents);
    }

    /**
     * Returns the load of a process since the previous sample.
     *
     * @param pid its pid
     * @return the load in percent of one processor; empty if it is not in this sample
     */
    public OptionalDouble cpuPercent(long pid) {
        Double percent = cpuPercents.get(pid);
        return percent == null ? OptionalDouble.empty() : OptionalDouble.of(percent);
    }

    /**
     * Returns the load of a process and its descendants since the previous sample. What a process used that has exited since
     * is not included.
     *
     * @param pid its pid
     * @return the sum in percent of one processor; 0 if it is not in this sample
     */
    public double cpuPercentOfTree(long pid) {
        return cpuPercent(pid).orElse(0)
                + ProcessTree.of(processes).descendants(pid).stream()
                        .mapToDouble(process -> cpuPercent(process.pid()).orElse(0))
                        .sum();
    }
}
