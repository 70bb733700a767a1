package org.processmanager.benchmarks.multiprocess;

/** The work of a case in the fork of a candidate. Has a public constructor without parameters. */
public interface ForkProgram {
    /**
     * Does and checks the work.
     *
     * @throws VerificationException if the candidate's work was wrong
     */
    void run(Params settings, Results results) throws Exception;
}
