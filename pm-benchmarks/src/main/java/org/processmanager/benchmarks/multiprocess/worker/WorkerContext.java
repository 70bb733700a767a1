package org.processmanager.benchmarks.multiprocess.worker;

/** The objects that the workers in one JVM share. Has a public constructor with the parameters of the fork. */
public interface WorkerContext extends AutoCloseable {
    /** Creates the role of a worker, in the thread of that worker. */
    Role role(int index) throws Exception;

    @Override
    default void close() throws Exception {}
}
