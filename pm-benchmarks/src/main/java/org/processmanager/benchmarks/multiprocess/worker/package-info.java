/** Several parties that work together in one fork, each in a JVM of its own or, for what stays in one process, a thread. */
package org.processmanager.benchmarks.multiprocess.worker;
