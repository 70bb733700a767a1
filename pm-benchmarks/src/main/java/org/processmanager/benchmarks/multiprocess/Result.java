package org.processmanager.benchmarks.multiprocess;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The figures of one variant of a candidate in one fork. A figure that was not measured is NaN. */
public record Result(
        String variant,
        double[] points,
        long count,
        double mean,
        double cpuSeconds,
        double peakRssBytes,
        double threads,
        double allocatedBytesPerOp,
        double smallestShare) {

    /** Maximum number of points that a fork reports: enough for a 99th percentile with ten points beyond it. */
    static final int MAX_POINTS = 1000;

    public static Result of(String variant, Samples samples) {
        return new Result(
                variant,
                samples.points(MAX_POINTS),
                samples.count(),
                samples.mean(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN);
    }

    /**
     * Returns a copy with the resources used by the fork. Memory and threads are peaks of the JVM over all variants.
     */
    public Result with(ResourceUsage used, long operations) {
        return new Result(
                variant,
                points,
                count,
                mean,
                used.cpuSeconds(),
                used.peakRssBytes(),
                used.threads(),
                used.allocatedBytes() / operations,
                smallestShare);
    }

    public Result withSmallestShare(double share) {
        return new Result(variant, points, count, mean, cpuSeconds, peakRssBytes, threads, allocatedBytesPerOp, share);
    }

    public Params toParams() {
        return Params.of(
                "variant", variant,
                "count", count,
                "mean", mean,
                "cpu", cpuSeconds,
                "rss", peakRssBytes,
                "threads", threads,
                "allocated", allocatedBytesPerOp,
                "share", smallestShare,
                "points", shortest(points));
    }

    /** Formats with seven digits, more than any measurement has. */
    private static String shortest(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> Float.toString((float) value))
                .collect(Collectors.joining(","));
    }

    /** Parses the line of any fork; a program in C omits what it did not measure. */
    public static Result of(Params params) {
        return new Result(
                params.text("variant", ""),
                Arrays.stream(params.text("points").split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray(),
                params.longNumber("count"),
                decimal(params, "mean"),
                decimal(params, "cpu"),
                decimal(params, "rss"),
                decimal(params, "threads"),
                decimal(params, "allocated"),
                decimal(params, "share"));
    }

    private static double decimal(Params params, String name) {
        return Double.parseDouble(params.text(name, "NaN"));
    }
}
