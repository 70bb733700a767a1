package org.processmanager.benchmarks.fork.process;

import java.util.List;

/** A candidate that starts programs. One object in each fork, made from the fork's fields. */
public interface Launching extends AutoCloseable {
    /** Ways to do it, if there are several: the better one is the candidate's figure. */
    default List<String> variants() {
        return List.of("");
    }

    /** For what follows, of {@link #variants()}. */
    default void use(String variant) {}

    /** Runs a program that reads and writes nothing; returns its exit code when its exit was seen. May be called by several threads. */
    int run(String... command) throws Exception;

    /** Runs a program; returns what it wrote on standard output. Its standard error must not hang it. */
    byte[] capture(String... command) throws Exception;

    /** Starts {@code cat} with its input open, and goes on watching it. */
    Idler startIdler() throws Exception;

    @Override
    default void close() throws Exception {}

    /** A child that does nothing. */
    interface Idler {
        /** Ends it by the end of its input; waits for nothing. */
        void end() throws Exception;
    }
}
