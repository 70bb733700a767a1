package org.processmanager.benchmarks.multiprocess.process;

import java.util.List;

/** The launching of a candidate. One object in each fork, created with the parameters of the fork. */
public interface Launching extends AutoCloseable {
    /** Returns the ways to launch; the better one is the candidate's figure. */
    default List<String> variants() {
        return List.of("");
    }

    /** Selects one of {@link #variants()} for the following launches. */
    default void use(String variant) {}

    /** Runs a program without input and output and returns its exit code. Thread-safe. */
    int run(String... command) throws Exception;

    /** Runs a program and returns its standard output. Its standard error must not block it. */
    byte[] capture(String... command) throws Exception;

    /** Launches a program without input and output and keeps watching it. Thread-safe. */
    void start(String... command) throws Exception;

    @Override
    default void close() throws Exception {}
}
