package org.processmanager.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.processmanager.benchmarks.multiprocess.Result;

/** The pooled results of several forks of one candidate in one variant; every fork has the same weight. */
final class Pool {
    private record Point(double value, double weight) {}

    private final String variant;
    private final List<Result> results;
    private final List<Point> points = new ArrayList<>();

    Pool(String variant, List<Result> results) {
        this.variant = variant;
        this.results = results;
        for (Result result : results) {
            for (double value : result.points()) {
                points.add(new Point(value, 1.0 / result.points().length / results.size()));
            }
        }
        points.sort(Comparator.comparingDouble(Point::value));
    }

    String variant() {
        return variant;
    }

    double median() {
        return quantile(0.5);
    }

    /**
     * Returns the smallest value with at least this part of the weight at or below it; between two values, their
     * mean.
     */
    double quantile(double part) {
        double sum = 0;
        for (int i = 0; i < points.size(); i++) {
            sum += points.get(i).weight;
            if (Math.abs(sum - part) < 1e-9 && i + 1 < points.size()) {
                return (points.get(i).value + points.get(i + 1).value) / 2;
            }
            if (sum > part) {
                return points.get(i).value;
            }
        }
        return points.isEmpty() ? Double.NaN : points.get(points.size() - 1).value;
    }

    double min() {
        return points.isEmpty() ? Double.NaN : points.get(0).value;
    }

    double mean() {
        return results.stream().mapToDouble(Result::mean).average().orElse(Double.NaN);
    }

    long samples() {
        return results.stream().mapToLong(Result::count).sum();
    }

    /** Returns the median over the forks. */
    double medianOfForks(ToDoubleFunction<Result> figure) {
        double[] values = results.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        int middle = values.length / 2;
        if (values.length == 0) {
            return Double.NaN;
        }
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    double leastOfForks(ToDoubleFunction<Result> figure) {
        return results.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .min()
                .orElse(Double.NaN);
    }
}
