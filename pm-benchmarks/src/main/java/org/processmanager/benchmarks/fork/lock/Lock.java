package org.processmanager.benchmarks.fork.lock;

/** A candidate's mutex, or a semaphore of at most one permit. */
public interface Lock extends AutoCloseable {
    /** Waits until it is had. */
    void acquire() throws Exception;

    void release() throws Exception;

    @Override
    default void close() throws Exception {}
}
