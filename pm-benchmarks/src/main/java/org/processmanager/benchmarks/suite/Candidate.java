package org.processmanager.benchmarks.suite;

import org.processmanager.benchmarks.multiprocess.Params;

/** One who takes part in a case, or the reason why he does not. */
public sealed interface Candidate {
    /** The name of ours, with which the others are compared. */
    String OURS = "ours";

    String name();

    /** Takes part. */
    record Runs(String name, Program program) implements Candidate {}

    /**
     * Takes no part.
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

    /** A program in C; {@code program} is the source without its ending. */
    static Candidate c(String name, String program, Object... params) {
        return new Runs(name, new Program.C(program + ".c", Params.of(params)));
    }
}
