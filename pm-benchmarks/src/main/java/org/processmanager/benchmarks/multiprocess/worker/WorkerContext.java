package org.processmanager.benchmarks.multiprocess.worker;

/** What the workers in one JVM share. Has a public constructor that takes the fork's params. */
public interface WorkerContext extends AutoCloseable {
    /** Called in the thread of that worker. */
    Role role(int index) throws Exception;

    @Override
    default void close() throws Exception {}
}
