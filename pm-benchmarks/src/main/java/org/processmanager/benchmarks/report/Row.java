package org.processmanager.benchmarks.report;

import org.processmanager.benchmarks.suite.Unit;

/**
 * The figures of a candidate in a case, in one placement. What was not measured, or has no meaning, is not a number.
 *
 * @param tag                 near or far
 * @param median              over all samples, each fork weighing the same, in the {@code unit}; so are min, mean and p99
 * @param samples             how many there were
 * @param advantage           how many times better ours is; 1 for ours
 * @param cpuSeconds          of a fork while it measured
 * @param peakRssBytes        of a fork, with the parties that it started to work with it; not the programs it launched
 * @param threads             of a fork at their peak; Java threads where it is a JVM
 * @param allocatedBytesPerOp on the Java heap
 * @param smallestShare       of the work, that one of several equal parties got
 * @param verified            whether all work of all forks was checked and right
 * @param variant             the one of the candidate's variants whose figures these are; empty if there is but one
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
