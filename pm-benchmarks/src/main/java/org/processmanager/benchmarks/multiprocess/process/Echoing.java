package org.processmanager.benchmarks.multiprocess.process;

import java.util.List;

/**
 * The pumping of a candidate: it writes to many programs and reads from them at the same time. Created with the
 * parameters of the fork.
 */
public interface Echoing extends AutoCloseable {
    /**
     * Launches all programs, each {@code cat}; writes {@link EchoWork#CHUNK} to each {@link EchoWork#writes} times
     * and closes the input; reads the output of each, and waits for the exit of all.
     */
    List<Echo> echo(int processes) throws Exception;

    @Override
    default void close() throws Exception {}

    /** The echo of one program. */
    record Echo(int exitCode, long adler32) {}
}
