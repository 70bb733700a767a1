/** Several workers that cooperate in one fork: each is a JVM, or a thread for candidates within one process. */
package org.processmanager.benchmarks.multiprocess.worker;
