package org.processmanager.benchmarks.multiprocess.process;

/** A candidate that tells when a process has ended. Made from the fork's params. */
public interface Watching extends AutoCloseable {
    /** Starts {@code cat}, which waits for its input; returns its pid. */
    long startChild(Runnable onExit) throws Exception;

    /** Watches a process that is not a child of this JVM. */
    default void watch(long pid, Runnable onExit) throws Exception {
        throw new UnsupportedOperationException("it watches no other process than its children");
    }

    @Override
    default void close() throws Exception {}
}
