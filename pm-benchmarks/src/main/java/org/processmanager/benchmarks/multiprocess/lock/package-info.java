/**
 * Mutexes, read-write locks, semaphores and barriers: without contention, passed between processes, contended, and after their
 * owner was killed.
 */
package org.processmanager.benchmarks.multiprocess.lock;
