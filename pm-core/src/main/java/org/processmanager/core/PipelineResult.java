package org.processmanager.core;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the stages of a {@link Pipeline} ended and what they left. Immutable. */
public final class PipelineResult {
    /** What a shell says of a program that ended by SIGPIPE, 128 + 13. */
    private static final int BROKEN_PIPE_CODE = 141;

    /** By the difference: the clock may go around its end. */
    private static final Comparator<ProcessResult> ENDED_FIRST = (a, b) -> Long.signum(a.exitNanos() - b.exitNanos());

    private final List<ProcessResult> stages;

    PipelineResult(List<ProcessResult> stages) {
        this.stages = List.copyOf(stages);
    }

    /**
     * The results of all stages, the first one first.
     *
     * @return an unmodifiable list
     */
    public List<ProcessResult> stages() {
        return stages;
    }

    /**
     * The result of the last stage, which has the output of the pipeline.
     *
     * @return the result
     */
    public ProcessResult last() {
        return stages.get(stages.size() - 1);
    }

    /**
     * The stage that failed, as {@link Pipeline} says; of several the one that ended first, which others may have failed for.
     *
     * @return its result, or empty if none failed
     */
    public Optional<ProcessResult> failed() {
        return stages.stream().filter(this::hasFailed).min(ENDED_FIRST);
    }

    /**
     * What was kept of the last stage's standard output.
     *
     * @return a copy
     */
    public byte[] stdout() {
        return last().stdout();
    }

    /**
     * What was kept of the last stage's standard output, as text.
     *
     * @return the text; malformed input is replaced
     */
    public String stdoutText() {
        return last().stdoutText();
    }

    /** The stages, each with its status, cause and duration. */
    @Override
    public String toString() {
        return stages.stream().map(ProcessResult::toString).collect(Collectors.joining(" | "));
    }

    private boolean hasFailed(ProcessResult stage) {
        return !stage.accepted() && (stage == last() || !wasToldThatNobodyReads(stage));
    }

    private static boolean wasToldThatNobodyReads(ProcessResult stage) {
        ExitStatus status = stage.status();
        boolean brokenPipe = status instanceof ExitStatus.Signaled signaled
                        && signaled.signal().equals(Signal.PIPE)
                || status.isExit(BROKEN_PIPE_CODE);
        return brokenPipe && stage.isFineBesidesItsStatus();
    }
}
