package org.processmanager.core.thread;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of a request to terminate a thread.
 *
 * @param name the name of the thread
 * @param termination how it terminated; empty if it did not within the bound
 * @param waited how long the caller waited
 * @param stack the stack trace at the end of the bound; empty if it terminated
 */
public record TerminationReport(
        String name, Optional<Termination> termination, Duration waited, List<StackTraceElement> stack) {

    /**
     * Copies the list.
     *
     * @param name the name of the thread
     * @param termination how it terminated
     * @param waited how long the caller waited
     * @param stack the stack trace
     */
    public TerminationReport {
        stack = List.copyOf(stack);
    }

    /**
     * Returns whether the thread has terminated.
     *
     * @return true if it has
     */
    public boolean isTerminated() {
        return termination.isPresent();
    }

    /**
     * Returns the report as text: one line, and the stack trace if the thread has not terminated.
     *
     * @return the text, without a line separator at its end
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
        return "thread " + name + " has not terminated " + waited.toMillis()
                + " ms after the request; it reached no cancellation point and is at"
                + stack.stream().map(frame -> "\n    " + frame).collect(Collectors.joining());
    }
}
