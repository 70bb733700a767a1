package org.processmanager.examples.app.cli;

/** The exit codes of {@code pm}. Those that run a program also return the exit code of the program. */
public final class ExitCode {
    public static final int OK = 0;
    /** The outcome is bad, something failed, or the answer cannot be written. */
    public static final int FAILED = 1;
    /** Bad usage, a bad endpoint, an unreadable input, a file of another kind. */
    public static final int BAD_INPUT = 2;
    /** No such process, region or channel; nothing to receive, or no receiver. */
    public static final int NOTHING_THERE = 3;

    /** The timeout has expired, as for {@code timeout} of coreutils. */
    public static final int TIMED_OUT = 124;
    /** A command that runs a program: pm itself failed, or cannot write its answer. */
    public static final int RUN_FAILED = 125;
    /** The program exists and cannot be executed. */
    public static final int NOT_EXECUTABLE = 126;
    /** The program does not exist. */
    public static final int NOT_FOUND = 127;

    /** All of them, for the help and the manual. */
    static final String ALL =
            "Exit codes: 0 done; 1 something failed, or the answer cannot be written; 2 bad usage or input;"
                    + " 3 nothing there: no such process, region or channel, no message, no receiver. Of commands that run a"
                    + " program: its own; 124 after a timeout; 125 if pm itself fails; 126 if the program cannot be executed, 127"
                    + " if it does not exist; 128+n if signal n ended it. 130 after Ctrl-C.";

    private ExitCode() {}

    /** As in shells. */
    public static int ofSignal(int number) {
        return 128 + number;
    }
}
