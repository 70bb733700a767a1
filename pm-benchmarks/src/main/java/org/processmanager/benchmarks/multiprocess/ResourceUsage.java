package org.processmanager.benchmarks.multiprocess;

import java.util.Collection;

/**
 * The resources used by the processes of a fork: CPU time and allocations of the measured phases, peaks of memory and
 * threads.
 *
 * @param allocatedBytes by Java threads
 * @param peakRssBytes peak of resident memory, VmHWM
 * @param threads peak of Java threads
 */
public record ResourceUsage(double cpuSeconds, double allocatedBytes, double peakRssBytes, double threads) {

    public static ResourceUsage sum(Collection<ResourceUsage> all) {
        return new ResourceUsage(
                all.stream().mapToDouble(ResourceUsage::cpuSeconds).sum(),
                all.stream().mapToDouble(ResourceUsage::allocatedBytes).sum(),
                all.stream().mapToDouble(ResourceUsage::peakRssBytes).sum(),
                all.stream().mapToDouble(ResourceUsage::threads).sum());
    }

    /** Returns the difference to an earlier reading of the same meters; peaks are kept. */
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
