/** Stress tests of shared memory, by two handles in one JVM, which share no more than two processes would. */
package org.processmanager.stress;
