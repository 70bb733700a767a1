/**
 * The work that runs in the forks, with its checks and figures; it is the same for every candidate.
 *
 * <p>These packages use the JDK alone. The fork of a peer sees only them and {@code peers}. A candidate implements
 * the small interfaces here ({@code Launching}, {@code Transport}, {@code Locks}, ...), so that all candidates are
 * measured by the same loops.
 */
package org.processmanager.benchmarks.multiprocess;
