package org.processmanager.benchmarks.multiprocess.lock;

/** A candidate's mutex, or a semaphore of at most one permit. */
public interface Lock extends AutoCloseable {
    /** Acquires the lock, blocking until it is available. */
    void acquire() throws Exception;

    void release() throws Exception;

    /** Runs the section while the lock is held. */
    default void during(Runnable section) throws Exception {
        acquire();
        try {
            section.run();
        } finally {
            release();
        }
    }

    @Override
    default void close() throws Exception {}
}
