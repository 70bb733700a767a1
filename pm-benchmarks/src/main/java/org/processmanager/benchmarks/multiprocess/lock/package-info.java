/**
 * Mutexes and semaphores: without contention, passed between processes, contended, and after their owner was killed.
 */
package org.processmanager.benchmarks.multiprocess.lock;
