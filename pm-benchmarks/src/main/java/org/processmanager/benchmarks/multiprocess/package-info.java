/**
 * What runs inside the fork of a candidate, whoever the candidate is: the work, its checks and its figures.
 *
 * <p>These packages use the JDK alone. They and {@code peer} are all that the fork of a peer sees of this project; a
 * candidate fills in the small interfaces here ({@code Launching}, {@code Transport}, {@code Locks}, ...), so that ours and
 * its peers are measured by the same loop.
 */
package org.processmanager.benchmarks.multiprocess;
