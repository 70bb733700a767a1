package org.processmanager.benchmarks.fork;

import java.util.Collection;

/**
 * What the processes of a fork used: time and allocations of the measured phases, memory and threads at their peak.
 *
 * @param allocatedBytes by Java threads
 * @param peakRssBytes resident memory at its peak, VmHWM
 * @param threads Java threads at their peak
 */
public record Used(double cpuSeconds, double allocatedBytes, double peakRssBytes, double threads) {

    public static Used sum(Collection<Used> all) {
        return new Used(
                all.stream().mapToDouble(Used::cpuSeconds).sum(),
                all.stream().mapToDouble(Used::allocatedBytes).sum(),
                all.stream().mapToDouble(Used::peakRssBytes).sum(),
                all.stream().mapToDouble(Used::threads).sum());
    }

    /** What came to it after another reading of the same meters; peaks stay. */
    public Used since(Used earlier) {
        return new Used(
                cpuSeconds - earlier.cpuSeconds, allocatedBytes - earlier.allocatedBytes, peakRssBytes, threads);
    }

    public Fields toFields() {
        return Fields.of("cpu", cpuSeconds, "allocated", allocatedBytes, "rss", peakRssBytes, "threads", threads);
    }

    public static Used of(Fields fields) {
        return new Used(
                Double.parseDouble(fields.text("cpu")),
                Double.parseDouble(fields.text("allocated")),
                Double.parseDouble(fields.text("rss")),
                Double.parseDouble(fields.text("threads")));
    }
}
