package org.processmanager.benchmarks.multiprocess;

import java.util.Arrays;

/** Measured values in the order in which they came. Grows; not for several threads. */
public final class Samples {
    private double[] values;
    private int size;

    public Samples() {
        this(1024);
    }

    /** @param expected so many are added without allocating */
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

    /** Keeps the memory. */
    public void clear() {
        size = 0;
    }

    public int count() {
        return size;
    }

    public double mean() {
        return Arrays.stream(values, 0, size).average().orElse(Double.NaN);
    }

    /** The smallest, the largest, and evenly many between, in order: all when there are no more than {@code limit}. */
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
