package org.processmanager.benchmarks.multiprocess.lock;

/** A candidate that offers locks. One object in each JVM, made from the fork's params: {@code scratch}. */
public interface Locks extends AutoCloseable {
    /** False for what lives in one JVM: its parties are threads. */
    boolean crossesProcesses();

    /** True for semaphores: somebody else than who acquired may release. */
    boolean anyoneReleases();

    /**
     * Opens a lock of this number, the same one for all parties; the first creates it.
     *
     * @param permits with which a semaphore is created; a mutex is free
     */
    Lock open(int number, int permits) throws Exception;

    @Override
    default void close() throws Exception {}
}
