package org.processmanager.benchmarks.suite;

import org.processmanager.benchmarks.multiprocess.Params;

/** A participant of a case, or the reason for its absence. */
public sealed interface Candidate {
    /** The candidate that the others are compared with. */
    String OURS = "ours";

    String name();

    /** A candidate with a program to run. */
    record Runs(String name, Program program) implements Candidate {}

    /**
     * A candidate without a program.
     *
     * @param reason a line for the report
     */
    record Absent(String name, String reason) implements Candidate {}

    static Candidate runs(String name, Program program) {
        return new Runs(name, program);
    }

    static Candidate absent(String name, String reason) {
        return new Absent(name, reason);
    }

    /**
     * Creates a candidate in C.
     *
     * @param program name of the source without its ending
     */
    static Candidate c(String name, String program, Object... params) {
        return new Runs(name, new Program.C(program + ".c", Params.of(params)));
    }
}
