package org.processmanager.benchmarks.multiprocess;

import java.util.Arrays;

/** Measured values in order of arrival. Grows as needed; not thread-safe. */
public final class Samples {
    private double[] values;
    private int size;

    public Samples() {
        this(1024);
    }

    /** @param expected number of values that are added without allocation */
    public Samples(int expected) {
        values = new double[expected];
    }

    public void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    public void addAll(double... more) {
        for (double value : more) {
            add(value);
        }
    }

    /** Removes all values and keeps the memory. */
    public void clear() {
        size = 0;
    }

    public int count() {
        return size;
    }

    public double mean() {
        return Arrays.stream(values, 0, size).average().orElse(Double.NaN);
    }

    /** Returns up to {@code limit} of the sorted values, evenly spaced and including the minimum and the maximum. */
    public double[] points(int limit) {
        double[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        if (size <= limit) {
            return sorted;
        }
        double[] points = new double[limit];
        for (int i = 0; i < limit; i++) {
            points[i] = sorted[(int) ((long) i * (size - 1) / (limit - 1))];
        }
        return points;
    }
}
