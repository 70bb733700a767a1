package org.processmanager.examples.app.cli.process;

import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import org.processmanager.core.monitor.ProcessSnapshot;

/** How a list of processes is sorted: loads, sizes and ages in descending order, all else ascending. */
public enum SortKey {
    pid,
    cpu,
    memory,
    time,
    threads,
    start,
    name,
    user;

    /** Returns the order; equal processes are sorted by pid. */
    public Comparator<ProcessSnapshot> order(ToDoubleFunction<ProcessSnapshot> cpuPercent) {
        Comparator<ProcessSnapshot> order =
                switch (this) {
                    case pid -> Comparator.comparingLong(ProcessSnapshot::pid);
                    case cpu -> Comparator.comparingDouble(cpuPercent).reversed();
                    case memory ->
                        Comparator.comparingLong(ProcessSnapshot::residentBytes).reversed();
                    case time -> Comparator.comparing(ProcessSnapshot::cpuTime).reversed();
                    case threads ->
                        Comparator.comparingInt(ProcessSnapshot::threads).reversed();
                    case start ->
                        Comparator.comparing(ProcessSnapshot::startTime).reversed();
                    case name -> Comparator.comparing(ProcessSnapshot::name);
                    case user -> Comparator.comparing(ProcessSnapshot::user);
                };
        return order.thenComparingLong(ProcessSnapshot::pid);
    }
}
