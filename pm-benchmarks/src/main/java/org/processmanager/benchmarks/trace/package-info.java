/** Counts what one call of the library passes through: {@code ./pm bench trace}. */
package org.processmanager.benchmarks.trace;
