package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;

/** What runs in the fork of a candidate. */
public sealed interface Program {

    /** What it is told, beside what the runner adds. */
    Params params();

    /**
     * In a JVM.
     *
     * @param origin whose classes it sees beside those of the forks
     * @param flags  that the candidate needs and its users have to give
     */
    record Java(Origin origin, String main, Params params, List<String> flags) implements Program {}

    /** Of the file {@code src/main/c/<source>}, compiled when it is needed. */
    record C(String source, Params params) implements Program {}

    /** The file {@code src/main/python/<script>}. */
    record Python(String script, Params params) implements Program {}

    /** Whose classes a fork sees beside those of the forks: ours or a peer's, never both. */
    sealed interface Origin {
        /** This library. */
        record Ours() implements Origin {}

        /** Nobody's: the peer comes with the JDK. */
        record Jdk() implements Origin {}

        /** The folder {@code peers/<name>}: a POM, and sources that are compiled when they are needed. */
        record Peer(String name) implements Origin {}
    }
}
