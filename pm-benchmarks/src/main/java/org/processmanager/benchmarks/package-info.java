/**
 * What this library costs beside its peers: the command line of the benchmarks.
 *
 * <p>{@code suite} says what can be measured, {@code run} forks the candidates in turn, {@code fork} is what runs in a fork,
 * {@code ours} and {@code peer} are the candidates in Java, {@code report} shows what came of it, {@code jmh} is apart.
 */
package org.processmanager.benchmarks;
