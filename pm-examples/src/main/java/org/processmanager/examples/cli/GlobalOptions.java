package org.processmanager.examples.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Options of every command: how much is said on standard error. They act while the command line is read, before anything
 * logs for the first time.
 */
final class GlobalOptions {
    /** Environment variable; anything but nothing is {@code --debug}. */
    static final String DEBUG_VARIABLE = "PM_DEBUG";

    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private boolean debug;

    GlobalOptions() {
        String value = System.getenv(DEBUG_VARIABLE);
        if (value != null && !value.isEmpty()) {
            setDebug(true);
        }
    }

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Show on standard error what the libraries log.")
    void setVerbose(boolean verbose) {
        if (verbose && !debug) {
            System.setProperty(LEVEL, "info");
        }
    }

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "Show stack traces and everything that is logged (also: " + DEBUG_VARIABLE + "=1).")
    void setDebug(boolean on) {
        if (on) {
            debug = true;
            System.setProperty(LEVEL, "debug");
        }
    }

    boolean debug() {
        return debug;
    }
}
