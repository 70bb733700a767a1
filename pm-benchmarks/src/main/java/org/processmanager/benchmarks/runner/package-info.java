/** Runs candidates: resolves and compiles what they need, forks them in turn, tells the placement, keeps to a budget. */
package org.processmanager.benchmarks.runner;
