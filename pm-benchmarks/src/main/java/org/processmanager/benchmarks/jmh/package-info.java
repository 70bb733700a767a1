/**
 * JMH benchmarks of hot operations and of the producer-consumer core, with the equivalents of the JDK.
 *
 * <p>One class per subject, measured in one run: absolute figures differ between machines and over time, ratios are
 * comparable. With {@code -prof gc} the hot operations show no allocation, except for the hold of a mutex.
 */
package org.processmanager.benchmarks.jmh;
