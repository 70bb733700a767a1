package org.processmanager.examples.app.cli.option;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.Journal;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Options of every command: the log level, which is set while the command line is parsed, before the first logger is created;
 * and the file of the event log.
 */
public final class GlobalOptions {
    /** Environment variable; any value but the empty one is {@code --debug}. */
    static final String DEBUG_VARIABLE = "PM_DEBUG";

    /** System property of the logger: what is logged. */
    public static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private boolean debug;
    private @Nullable Path log;
    private @Nullable Path registry;

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

    @Option(
            names = "--registry",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 103,
            description =
                    "Where started processes are kept (default: pm/processes in $XDG_STATE_HOME or ~/.local/state).")
    void setRegistry(Path directory) {
        registry = directory;
    }

    /** Returns the values of the command line by the names of their options, for further command lines of this process. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        if (log != null) {
            values.put("--log", log.toString());
        }
        if (registry != null) {
            values.put("--registry", registry.toString());
        }
        return values;
    }

    public boolean debug() {
        return debug;
    }

    /** Returns the directory of the started processes of the command line, or null. */
    @Nullable
    public Path registry() {
        return registry;
    }

    /** Returns the event log's file of the command line, or null. */
    @Nullable
    public Path log() {
        return log;
    }
}
