package org.processmanager.benchmarks.multiprocess.worker;

import org.processmanager.benchmarks.multiprocess.Params;

/** The commands of one worker. All calls come from the worker's thread. */
public interface Role extends AutoCloseable {
    /** Performs a command; the next command of the worker waits until this one returns. */
    Params perform(Params command) throws Exception;

    @Override
    default void close() throws Exception {}
}
