package org.processmanager.benchmarks.multiprocess.lock;

/** The barrier of a candidate. One object in each JVM, created with the parameter {@code scratch} of the fork. */
public interface Barriers extends AutoCloseable {
    /** Returns false if the barrier exists in one JVM only: the workers are then threads. */
    boolean crossesProcesses();

    /** Opens the barrier, the same one for all workers; the first call creates it. */
    Barrier open(int parties) throws Exception;

    /** A barrier that can be used again and again. */
    @FunctionalInterface
    interface Barrier {
        /** Blocks until all parties have called it as often. */
        void await() throws Exception;
    }

    @Override
    default void close() throws Exception {}
}
