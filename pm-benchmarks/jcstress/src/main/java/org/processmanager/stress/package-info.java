/** Stress tests of what processes share in memory, by two handles in one JVM, which share no more than two processes would. */
package org.processmanager.stress;
