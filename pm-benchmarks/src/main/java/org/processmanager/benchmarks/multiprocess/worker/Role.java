package org.processmanager.benchmarks.multiprocess.worker;

import org.processmanager.benchmarks.multiprocess.Params;

/** What one worker of a workers does. All calls come from that worker's thread. */
public interface Role extends AutoCloseable {
    /** Does what the command says; the worker's next command waits until this one is done. */
    Params perform(Params command) throws Exception;

    @Override
    default void close() throws Exception {}
}
