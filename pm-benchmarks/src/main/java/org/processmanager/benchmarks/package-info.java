/**
 * What this library costs beside its peers.
 *
 * <p>One class per subject, ours and its peers side by side in one run: the absolute figures differ from machine to machine
 * and from minute to minute, the ratios say something.
 */
package org.processmanager.benchmarks;
