package org.processmanager.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.manager.ShellQuoting;

/**
 * Thrown when a program ran and its result is not accepted. The message has the command, the status, the end reason, the
 * duration, the last lines of what came through pipes, and the processes that still hold those open; for a pipeline the status
 * of every stage.
 */
public final class ProcessFailedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;
    private static final int LAST_LINES = 10;
    private static final int LONGEST_EXCERPT = 2000;
    private static final int LONGEST_COMMAND = 1000;

    private final transient @Nullable ProcessResult result;
    private final transient List<ProcessResult> stages;

    /** Creates the exception of a single process. */
    ProcessFailedException(ProcessResult result) {
        super(message(result, ""), result.failure().orElse(null));
        this.result = result;
        stages = List.of(result);
    }

    /**
     * Creates the exception of a pipeline.
     *
     * @param failed the stage that failed
     */
    ProcessFailedException(ProcessResult failed, PipelineResult whole) {
        super(message(failed, whole), failed.failure().orElse(null));
        result = failed;
        stages = whole.stages();
    }

    /**
     * Returns the result of the process; of a pipeline that of the stage that failed first.
     *
     * @return the result
     * @throws IllegalStateException if this exception was deserialized: results are not serialized
     */
    public ProcessResult result() {
        if (result == null) {
            throw new IllegalStateException("this exception was deserialized, and results are not serialized: "
                    + "its message has what is known");
        }
        return result;
    }

    /**
     * Returns the results of all stages of the pipeline, the first one first; of a single process its result.
     *
     * @return an unmodifiable list
     * @throws IllegalStateException if this exception was deserialized: results are not serialized
     */
    public List<ProcessResult> stages() {
        result();
        return stages;
    }

    private static String message(ProcessResult failed, PipelineResult whole) {
        List<ProcessResult> stages = whole.stages();
        StringBuilder where = new StringBuilder(" as stage ")
                .append(stages.indexOf(failed) + 1)
                .append(" of ")
                .append(stages.size())
                .append(" in");
        String separator = " ";
        for (ProcessResult stage : stages) {
            where.append(separator)
                    .append(stage.command().name())
                    .append(" (")
                    .append(stage.status())
                    .append(")");
            separator = " | ";
        }
        return message(failed, where.toString());
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
        appendLastLines(text, "stderr", result.lastOfStderr());
        appendLastLines(text, "stdout", result.lastOfStdout());
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
                        && result.command().spec().acceptedExitCodes().contains(exited.code());
                if (!exitAccepted && !result.endedBySigpipe()) {
                    yield "failed";
                }
                if (result.localFailure().isPresent()) {
                    yield result.localFailure().get();
                }
                yield exitAccepted && result.limitExceeded() ? "exceeded the bound of captured output" : "failed";
            }
        };
    }

    private static String shortened(String commandLine) {
        return commandLine.length() <= LONGEST_COMMAND
                ? commandLine
                : commandLine.substring(0, LONGEST_COMMAND) + "... (" + commandLine.length() + " characters)";
    }

    static void appendLastLines(StringBuilder text, String name, String output) {
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
