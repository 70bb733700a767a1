package org.processmanager.benchmarks.multiprocess.message;

/** A candidate's receiving side. */
public interface Receiver extends AutoCloseable {
    /**
     * Passes on messages that are there.
     *
     * @return how many; zero when there is none now, which a candidate that waits by its own means never returns
     */
    int poll(Sink sink, int limit) throws Exception;

    @Override
    default void close() throws Exception {}
}
