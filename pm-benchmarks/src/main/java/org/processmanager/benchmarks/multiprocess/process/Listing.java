package org.processmanager.benchmarks.multiprocess.process;

import java.util.Optional;
import java.util.Set;

/** A candidate that lists the processes of the system with what a process table shows. Made from the fork's params. */
public interface Listing extends AutoCloseable {
    /** One reading of everything; the ids of the processes in it. */
    Set<Long> list() throws Exception;

    /** A line for the report, if there is something that its readers should know. */
    default Optional<String> note() {
        return Optional.empty();
    }

    @Override
    default void close() throws Exception {}
}
