package org.processmanager.benchmarks.multiprocess.lock;

/** A candidate's mutex, or a semaphore of at most one permit. */
public interface Lock extends AutoCloseable {
    /** Waits until it is had. */
    void acquire() throws Exception;

    void release() throws Exception;

    /** Runs something while it is had. */
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
