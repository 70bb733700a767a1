/** Mutexes and semaphores: alone, handed over, contended, and after their holder was killed. */
package org.processmanager.benchmarks.multiprocess.lock;
