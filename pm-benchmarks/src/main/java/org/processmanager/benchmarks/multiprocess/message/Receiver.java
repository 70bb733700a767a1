package org.processmanager.benchmarks.multiprocess.message;

/** The receiving side of a candidate. */
public interface Receiver extends AutoCloseable {
    /**
     * Passes available messages to the sink.
     *
     * @return the number of messages; 0 if none is available, which a candidate that blocks never returns
     */
    int poll(Sink sink, int limit) throws Exception;

    @Override
    default void close() throws Exception {}
}
