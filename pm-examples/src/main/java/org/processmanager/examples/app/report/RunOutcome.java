package org.processmanager.examples.app.report;

import java.util.Locale;
import org.processmanager.core.EndReason;
import org.processmanager.examples.app.eventlog.Report;

/** How a run ended, in the few kinds that a chart tells apart. */
enum RunOutcome {
    OK("\u2713", "ended well"),
    FAILED("\u2717", "failed"),
    KILLED("\u2020", "killed by a signal or a timeout"),
    STOPPED("\u25a0", "stopped or cancelled"),
    NOT_STARTED("\u2298", "not started"),
    UNKNOWN("?", "no end in the log, or an unknown status");

    private final String symbol;
    private final String meaning;

    RunOutcome(String symbol, String meaning) {
        this.symbol = symbol;
        this.meaning = meaning;
    }

    static RunOutcome of(Report.Run run) {
        return switch (run.end().kind()) {
            case "exited" -> ofExit(run);
            case "signaled" ->
                run.reason() == EndReason.TERMINATED && !"KILL".equals(run.end().signal()) ? STOPPED : KILLED;
            case "completed" -> OK;
            case "cancelled" -> STOPPED;
            case "failed" -> FAILED;
            case "notStarted" -> NOT_STARTED;
            default -> UNKNOWN;
        };
    }

    private static RunOutcome ofExit(Report.Run run) {
        if (run.reason() == EndReason.TIMED_OUT) {
            return KILLED;
        }
        Integer code = run.end().code();
        return code != null && code == 0 ? OK : FAILED;
    }

    /** Returns the end of a run in words, with what ended it where that was the library. */
    static String text(Report.Run run) {
        String why =
                switch (run.reason() == null ? EndReason.OWN_EXIT : run.reason()) {
                    case OWN_EXIT -> "";
                    case TERMINATED -> " (stopped)";
                    case TIMED_OUT -> " (timed out)";
                    case INTERRUPTED -> " (interrupted)";
                    case OUT_OF_MEMORY -> " (out of memory)";
                };
        return run.end().text() + why;
    }

    String symbol() {
        return symbol;
    }

    String meaning() {
        return meaning;
    }

    /** Returns the name of its class in the page. */
    String cssClass() {
        return "o-" + name().toLowerCase(Locale.ROOT);
    }
}
