package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;

/** The program that runs in the fork of a candidate. */
public sealed interface Program {

    /** Returns its parameters, without those that the runner adds. */
    Params params();

    /**
     * A program in a JVM.
     *
     * @param origin whose classes it sees in addition to those of the forks
     * @param flags required by the candidate
     */
    record Java(Origin origin, String main, Params params, List<String> flags) implements Program {}

    /** The file {@code src/main/c/<source>}, compiled on first use. */
    record C(String source, Params params) implements Program {}

    /** The file {@code src/main/python/<script>}. */
    record Python(String script, Params params) implements Program {}

    /** The classes that a fork sees in addition to those of the forks: ours or those of one peer, never both. */
    sealed interface Origin {
        /** This library. */
        record Ours() implements Origin {}

        /** No other classes: the peer is part of the JDK. */
        record Jdk() implements Origin {}

        /** The directory {@code peers/<name>}: a POM, and sources that are compiled on first use. */
        record Peer(String name) implements Origin {}
    }
}
