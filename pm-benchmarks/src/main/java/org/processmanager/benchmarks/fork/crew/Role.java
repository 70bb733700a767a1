package org.processmanager.benchmarks.fork.crew;

import org.processmanager.benchmarks.fork.Fields;

/** What one member of a crew does. All calls come from that member's thread. */
public interface Role extends AutoCloseable {
    /** Does what the command says; the member's next command waits until this one is done. */
    Fields perform(Fields command) throws Exception;

    @Override
    default void close() throws Exception {}
}
