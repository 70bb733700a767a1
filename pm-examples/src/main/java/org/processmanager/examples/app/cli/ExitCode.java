package org.processmanager.examples.app.cli;

/** The exit codes of {@code pm}; {@code pm run} also returns the exit code of its child. */
public final class ExitCode {
    public static final int OK = 0;
    /** The outcome is bad, something failed, or the answer cannot be written. */
    public static final int FAILED = 1;
    /** Bad usage, a bad endpoint, an unreadable input, a file of another kind. */
    public static final int BAD_INPUT = 2;
    /** Nothing to receive, or no receiver. */
    public static final int NOTHING_THERE = 3;

    /** {@code pm run}: the timeout has expired, as for {@code timeout} of coreutils. */
    public static final int TIMED_OUT = 124;
    /** {@code pm run}: pm itself failed, or cannot write its answer. */
    public static final int RUN_FAILED = 125;
    /** {@code pm run}: the program exists and cannot be executed. */
    public static final int NOT_EXECUTABLE = 126;
    /** {@code pm run}: the program does not exist. */
    public static final int NOT_FOUND = 127;

    private ExitCode() {}

    /** As in shells. */
    public static int ofSignal(int number) {
        return 128 + number;
    }
}
