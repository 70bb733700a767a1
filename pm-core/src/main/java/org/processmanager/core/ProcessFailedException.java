package org.processmanager.core;

import java.util.List;

/**
 * A program was run, and the way it ended is not accepted. The message tells the command, the status, the cause, the
 * duration and the last lines of what was captured.
 */
public final class ProcessFailedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;
    private static final int LAST_LINES = 10;
    private static final int LONGEST_EXCERPT = 2000;

    private final transient ProcessResult result;

    ProcessFailedException(ProcessResult result) {
        super(message(result), result.consumerFailure());
        this.result = result;
    }

    /**
     * How it ended.
     *
     * @return the result; null after serialization
     */
    public ProcessResult result() {
        return result;
    }

    private static String message(ProcessResult result) {
        StringBuilder text = new StringBuilder(why(result))
                .append(": ")
                .append(String.join(" ", result.command().commandLine()))
                .append(" [")
                .append(result.pid())
                .append("], ")
                .append(result.status())
                .append(" after ")
                .append(result.duration().toMillis())
                .append(" ms");
        append(text, "stderr", result.stderrText());
        append(text, "stdout", result.stdoutText());
        return text.toString();
    }

    private static String why(ProcessResult result) {
        return switch (result.cause()) {
            case TIMED_OUT ->
                "timed out after "
                        + result.command().timeout().map(Object::toString).orElse("?");
            case STOPPED -> "was stopped";
            case INTERRUPTED -> "was interrupted";
            case OUT_OF_MEMORY -> "ran out of memory";
            case OWN_EXIT -> {
                if (result.consumerFailure() != null) {
                    yield "a line consumer failed";
                }
                boolean exitAccepted = result.status() instanceof ExitStatus.Exited exited
                        && result.command().acceptedExitCodes().contains(exited.code());
                yield exitAccepted && result.overBound() ? "brought more output than the bound" : "failed";
            }
        };
    }

    private static void append(StringBuilder text, String name, String output) {
        if (output.isBlank()) {
            return;
        }
        List<String> lines = output.stripTrailing().lines().toList();
        String last = String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        text.append("\nlast lines of ")
                .append(name)
                .append(":\n  ")
                .append(last.length() > LONGEST_EXCERPT ? last.substring(last.length() - LONGEST_EXCERPT) : last);
    }
}
