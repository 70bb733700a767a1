package org.processmanager.benchmarks.report;

import org.processmanager.benchmarks.suite.Unit;

/**
 * The figures of a candidate in a case, in one placement. A figure that was not measured, or has no meaning, is NaN.
 *
 * @param tag near or far
 * @param median over all samples, each fork with the same weight, in the {@code unit}; so are min, mean and p99
 * @param samples number of samples
 * @param advantage ratio by which ours is better; 1 for ours
 * @param cpuSeconds of a fork while it measured
 * @param peakRssBytes of a fork with its workers, without the programs that it launched
 * @param threads peak of a fork; Java threads if it is a JVM
 * @param allocatedBytesPerOp on the Java heap
 * @param smallestShare smallest share of the work among several equal workers
 * @param verified whether all work of all forks was checked and correct
 * @param variant the variant of the candidate with these figures; empty if there is only one
 */
public record Row(
        String suite,
        String caseName,
        String candidate,
        String tag,
        double median,
        double min,
        double mean,
        double p99,
        long samples,
        Unit unit,
        double advantage,
        double cpuSeconds,
        double peakRssBytes,
        double threads,
        double allocatedBytesPerOp,
        double smallestShare,
        boolean verified,
        String variant) {

    Row withAdvantage(double other) {
        return new Row(
                suite,
                caseName,
                candidate,
                tag,
                median,
                min,
                mean,
                p99,
                samples,
                unit,
                other,
                cpuSeconds,
                peakRssBytes,
                threads,
                allocatedBytesPerOp,
                smallestShare,
                verified,
                variant);
    }
}
