package org.processmanager.benchmarks.multiprocess.lock;

/** The locks of a candidate. One object in each JVM, created with the parameter {@code scratch} of the fork. */
public interface Locks extends AutoCloseable {
    /** Returns false if the locks exist in one JVM only: the workers are then threads. */
    boolean crossesProcesses();

    /** Returns true for semaphores: a thread other than the one that acquired may release. */
    boolean releasableByOthers();

    /**
     * Opens the lock with this number, the same one for all workers; the first call creates it.
     *
     * @param permits initial permits of a semaphore; a mutex is free
     */
    Lock open(int number, int permits) throws Exception;

    /** Opens the lock with this number for reading: the lock itself, unless readers share it. */
    default Lock openForReading(int number) throws Exception {
        return open(number, 1);
    }

    @Override
    default void close() throws Exception {}
}
