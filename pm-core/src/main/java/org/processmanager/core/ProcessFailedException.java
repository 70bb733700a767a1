package org.processmanager.core;

import java.util.List;
import org.processmanager.core.internal.manager.ShellQuoting;

/**
 * A program was run, and the way it ended is not accepted. The message tells the command, the status, the cause, the
 * duration, the last lines of what came through pipes, and who still holds those.
 */
public final class ProcessFailedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;
    private static final int LAST_LINES = 10;
    private static final int LONGEST_EXCERPT = 2000;
    private static final int LONGEST_COMMAND = 1000;

    private final transient ProcessResult result;

    ProcessFailedException(ProcessResult result) {
        this(result, "");
    }

    /**
     * Of a process that is part of something.
     *
     * @param where what follows the command in the message
     */
    ProcessFailedException(ProcessResult result, String where) {
        super(message(result, where), result.failure().orElse(null));
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

    private static String message(ProcessResult result, String where) {
        StringBuilder text = new StringBuilder(why(result))
                .append(": ")
                .append(shortened(ShellQuoting.commandLine(result.command().commandLine())))
                .append(" [")
                .append(result.pid())
                .append("]")
                .append(where)
                .append(", ")
                .append(result.status())
                .append(" after ")
                .append(result.duration().toMillis())
                .append(" ms");
        if (!result.pipeHolders().isEmpty()) {
            text.append("; its streams are held open by ").append(result.pipeHolders());
        }
        append(text, "stderr", result.lastOfStderr());
        append(text, "stdout", result.lastOfStdout());
        return text.toString();
    }

    private static String why(ProcessResult result) {
        return switch (result.endReason()) {
            case TIMED_OUT ->
                "timed out after "
                        + result.command().timeout().map(Object::toString).orElse("?");
            case TERMINATED -> "was stopped";
            case INTERRUPTED -> "was interrupted";
            case OUT_OF_MEMORY -> "ran out of memory";
            case OWN_EXIT -> {
                boolean exitAccepted = result.status() instanceof ExitStatus.Exited exited
                        && result.command().acceptedExitCodes().contains(exited.code());
                if (!exitAccepted) {
                    yield "failed";
                }
                if (result.whyItFailedHere().isPresent()) {
                    yield result.whyItFailedHere().get();
                }
                yield result.overBound() ? "brought more output than the bound" : "failed";
            }
        };
    }

    private static String shortened(String commandLine) {
        return commandLine.length() <= LONGEST_COMMAND
                ? commandLine
                : commandLine.substring(0, LONGEST_COMMAND) + "... (" + commandLine.length() + " characters)";
    }

    private static void append(StringBuilder text, String name, String output) {
        if (output.isBlank()) {
            return;
        }
        String end = output.stripTrailing();
        end = end.substring(Math.max(0, end.length() - LONGEST_EXCERPT));
        List<String> lines = end.lines().toList();
        text.append("\nlast lines of ").append(name).append(":");
        for (String line : lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())) {
            text.append("\n  ").append(ShellQuoting.line(line));
        }
    }
}
