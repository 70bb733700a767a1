package org.processmanager.benchmarks.runner;

/**
 * How much a run measures.
 *
 * @param quick whether each case must finish within 50 seconds
 * @param minRounds rounds of every case
 * @param maxRounds rounds of a case that has time left
 */
public record Extent(boolean quick, int minRounds, int maxRounds) {
    public static final Extent QUICK = new Extent(true, 3, 5);
    public static final Extent FULL = new Extent(false, 7, 7);
}
