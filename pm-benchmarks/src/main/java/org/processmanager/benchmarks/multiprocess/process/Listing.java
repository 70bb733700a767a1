package org.processmanager.benchmarks.multiprocess.process;

import java.util.Optional;
import java.util.Set;

/** The process table of a candidate. Created with the parameters of the fork. */
public interface Listing extends AutoCloseable {
    /** Reads everything once and returns the ids of the processes. */
    Set<Long> list() throws Exception;

    /** Returns a line for the report, if its reader should know something. */
    default Optional<String> note() {
        return Optional.empty();
    }

    @Override
    default void close() throws Exception {}
}
