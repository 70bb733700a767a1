package org.processmanager.benchmarks.runner;

import java.io.PrintWriter;
import java.util.Locale;

/** Reports the progress of a run on standard error: what runs, its result, the elapsed time. */
public final class Progress {
    private final PrintWriter err;

    public Progress(PrintWriter err) {
        this.err = err;
    }

    void caseStarts(String suite, String name, int candidates, int rounds) {
        String count = candidates == 1 ? "1 candidate" : candidates + " candidates";
        say("%s %s: %s, at least %d rounds", suite, name, count, rounds);
    }

    void preparing(String what) {
        say("  preparing %s", what);
    }

    void isUnavailable(String candidate, String reason) {
        say("  %s is not available: %s", candidate, reason);
    }

    void forkReady(String candidate, double elapsedMillis) {
        say("  %5.1f s  ready    %s", elapsedMillis / 1e3, candidate);
    }

    void forkEnded(int round, String candidate, String tag, String outcome, double elapsedMillis) {
        say("  %5.1f s  round %d  %-22s %-4s  %s", elapsedMillis / 1e3, round, candidate, tag, outcome);
    }

    void forkFailed(int round, String candidate, ForkOutcome outcome) {
        say("  round %d  %s failed: %s", round, candidate, outcome.failure());
        outcome.otherOutput().forEach(line -> say("    | %s", line));
    }

    private void say(String format, Object... values) {
        err.println(String.format(Locale.ROOT, format, values));
    }
}
