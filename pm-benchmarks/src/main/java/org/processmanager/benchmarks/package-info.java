/**
 * Compares the performance of this library with that of its peers: the command line of the benchmarks.
 *
 * <p>{@code suite} defines what can be measured, {@code runner} forks the candidates in turn, {@code multiprocess}
 * runs in the forks, {@code ours} and {@code peers} adapt the candidates in Java, {@code report} renders the results.
 * {@code jmh} and {@code trace} stand apart.
 */
package org.processmanager.benchmarks;
