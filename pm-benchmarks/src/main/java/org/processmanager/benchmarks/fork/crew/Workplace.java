package org.processmanager.benchmarks.fork.crew;

/** What the members in one JVM share. Has a public constructor that takes the fork's fields. */
public interface Workplace extends AutoCloseable {
    /** Called in the thread of that member. */
    Role role(int index) throws Exception;

    @Override
    default void close() throws Exception {}
}
