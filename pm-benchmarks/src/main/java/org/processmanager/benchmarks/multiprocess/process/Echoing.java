package org.processmanager.benchmarks.multiprocess.process;

import java.util.List;

/** A candidate that writes to many programs and reads from them at the same time. Made from the fork's params. */
public interface Echoing extends AutoCloseable {
    /**
     * Starts all programs, each {@code cat}; writes {@link EchoWork#CHUNK} to each {@link EchoWork#writes} times and then the
     * end; reads what each writes, and waits for all.
     */
    List<Echo> echo(int processes) throws Exception;

    @Override
    default void close() throws Exception {}

    /** What came back from one program. */
    record Echo(int exitCode, long adler32) {}
}
