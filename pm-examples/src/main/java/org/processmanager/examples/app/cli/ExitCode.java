package org.processmanager.examples.app.cli;

/** What the exit code of {@code pm} means; {@code pm run} passes on that of its child besides. */
public final class ExitCode {
    public static final int OK = 0;
    /** The work was done and its outcome is bad, or something failed on the way, or the answer cannot be written. */
    public static final int FAILED = 1;
    /** Bad usage, a bad endpoint, an unreadable input, a file that is not ours. */
    public static final int BAD_INPUT = 2;
    /** Nothing to receive, nobody to send to. */
    public static final int NOTHING_THERE = 3;

    /** {@code pm run}: the time was over, as {@code timeout} of coreutils says it. */
    public static final int TIMED_OUT = 124;
    /** {@code pm run}: pm itself failed, or cannot write its answer. */
    public static final int RUN_FAILED = 125;
    /** {@code pm run}: the program is there and cannot be executed. */
    public static final int NOT_EXECUTABLE = 126;
    /** {@code pm run}: the program is not there. */
    public static final int NOT_FOUND = 127;

    private ExitCode() {}

    /** As shells say it. */
    static int ofSignal(int number) {
        return 128 + number;
    }
}
