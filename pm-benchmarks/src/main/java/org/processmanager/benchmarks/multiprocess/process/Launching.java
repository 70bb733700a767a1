package org.processmanager.benchmarks.multiprocess.process;

import java.util.List;

/** A candidate that starts programs. One object in each fork, made from the fork's params. */
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

    /** Starts a program that reads and writes nothing, and goes on watching it. May be called by several threads. */
    void start(String... command) throws Exception;

    @Override
    default void close() throws Exception {}
}
