package org.processmanager.examples.app.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.Journal;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Options of every command: how much is said on standard error, which acts while the command line is read, before anything
 * logs for the first time; and where the event log lies.
 */
public final class GlobalOptions {
    /** Environment variable; anything but nothing is {@code --debug}. */
    static final String DEBUG_VARIABLE = "PM_DEBUG";

    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private boolean debug;
    private @Nullable Path log;

    public GlobalOptions() {
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

    @Option(
            names = "--log",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 102,
            description = "Where events are logged (also: " + Journal.VARIABLE
                    + "; default: pm/events.jsonl in $XDG_STATE_HOME or ~/.local/state).")
    void setLog(Path file) {
        log = file;
    }

    public boolean debug() {
        return debug;
    }

    /** Where the command line wants the event log, or null if it says nothing. */
    @Nullable
    public Path log() {
        return log;
    }
}
