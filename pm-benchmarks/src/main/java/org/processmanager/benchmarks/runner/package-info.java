/**
 * Runs candidates: resolves and compiles what they need, starts forks in turn, measures the placement of the
 * processors, keeps to a time budget.
 */
package org.processmanager.benchmarks.runner;
