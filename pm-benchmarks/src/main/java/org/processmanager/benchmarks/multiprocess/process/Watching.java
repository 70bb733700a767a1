package org.processmanager.benchmarks.multiprocess.process;

/** The exit watching of a candidate. Created with the parameters of the fork. */
public interface Watching extends AutoCloseable {
    /** Launches {@code cat}, which waits for its input, and returns its pid. */
    long startChild(Runnable onExit) throws Exception;

    /** Watches a process that is not a child of this JVM. */
    default void watch(long pid, Runnable onExit) throws Exception {
        throw new UnsupportedOperationException("it watches only its own children");
    }

    @Override
    default void close() throws Exception {}
}
