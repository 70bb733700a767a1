/**
 * JMH benchmarks of hot operations and of the producer-consumer core, ours beside what the JDK has.
 *
 * <p>One class per subject, in one run: the absolute figures differ from machine to machine and from minute to minute, the
 * ratios say something. With {@code -prof gc} the hot operations show no allocation, but for the hold of a mutex.
 */
package org.processmanager.benchmarks.jmh;
