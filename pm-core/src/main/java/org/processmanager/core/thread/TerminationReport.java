package org.processmanager.core.thread;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of asking a thread to end.
 *
 * @param name the thread's name
 * @param termination how it ended, or empty if it had not ended within the bound
 * @param waited how long the caller waited for it
 * @param stack where it stood at the end of the bound; empty if it ended
 */
public record TerminationReport(
        String name, Optional<Termination> termination, Duration waited, List<StackTraceElement> stack) {

    /**
     * Copies the list.
     *
     * @param name the thread's name
     * @param termination how it ended
     * @param waited how long the caller waited
     * @param stack where it stood
     */
    public TerminationReport {
        stack = List.copyOf(stack);
    }

    /**
     * Whether the thread has ended.
     *
     * @return true if it has
     */
    public boolean ended() {
        return termination.isPresent();
    }

    /**
     * The report as a person reads it: one line, and the stack if the thread has not ended.
     *
     * @return the text, without a line end
     */
    public String text() {
        if (termination.isPresent()) {
            Termination end = termination.get();
            String failure = end.failure() == null ? "" : ": " + end.failure();
            String cleanups = end.cleanupFailures().stream()
                    .map(e -> "; " + e.getMessage())
                    .collect(Collectors.joining());
            return "thread " + name + " " + end.outcome().name().toLowerCase(Locale.ROOT) + failure + cleanups;
        }
        return "thread " + name + " has not ended " + waited.toMillis()
                + " ms after the request; it reached no cancellation point and stands at"
                + stack.stream().map(frame -> "\n    " + frame).collect(Collectors.joining());
    }
}
