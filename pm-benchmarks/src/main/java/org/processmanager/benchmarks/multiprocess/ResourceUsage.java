package org.processmanager.benchmarks.multiprocess;

import java.util.Collection;

/**
 * What the processes of a fork used: time and allocations of the measured phases, memory and threads at their peak.
 *
 * @param allocatedBytes by Java threads
 * @param peakRssBytes resident memory at its peak, VmHWM
 * @param threads Java threads at their peak
 */
public record ResourceUsage(double cpuSeconds, double allocatedBytes, double peakRssBytes, double threads) {

    public static ResourceUsage sum(Collection<ResourceUsage> all) {
        return new ResourceUsage(
                all.stream().mapToDouble(ResourceUsage::cpuSeconds).sum(),
                all.stream().mapToDouble(ResourceUsage::allocatedBytes).sum(),
                all.stream().mapToDouble(ResourceUsage::peakRssBytes).sum(),
                all.stream().mapToDouble(ResourceUsage::threads).sum());
    }

    /** What came to it after another reading of the same meters; peaks stay. */
    public ResourceUsage since(ResourceUsage earlier) {
        return new ResourceUsage(
                cpuSeconds - earlier.cpuSeconds, allocatedBytes - earlier.allocatedBytes, peakRssBytes, threads);
    }

    public Params toParams() {
        return Params.of("cpu", cpuSeconds, "allocated", allocatedBytes, "rss", peakRssBytes, "threads", threads);
    }

    public static ResourceUsage of(Params params) {
        return new ResourceUsage(
                Double.parseDouble(params.text("cpu")),
                Double.parseDouble(params.text("allocated")),
                Double.parseDouble(params.text("rss")),
                Double.parseDouble(params.text("threads")));
    }
}
