package org.processmanager.core;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results of all stages of a {@link Pipeline}. Immutable. */
public final class PipelineResult {
    /** Compares by the difference, since the clock may overflow. */
    private static final Comparator<ProcessResult> BY_EXIT = (a, b) -> Long.signum(a.exitNanos() - b.exitNanos());

    private final List<ProcessResult> stages;

    PipelineResult(List<ProcessResult> stages) {
        this.stages = List.copyOf(stages);
    }

    /**
     * Returns the results of all stages, the first one first.
     *
     * @return an unmodifiable list
     */
    public List<ProcessResult> stages() {
        return stages;
    }

    /**
     * Returns the result of the last stage, which has the output of the pipeline.
     *
     * @return the result
     */
    public ProcessResult last() {
        return stages.get(stages.size() - 1);
    }

    /**
     * Returns the stage that failed, as {@link Pipeline} defines it; of several the one that exited first, which may have
     * made the others fail.
     *
     * @return its result, or empty if none failed
     */
    public Optional<ProcessResult> failed() {
        return stages.stream().filter(this::hasFailed).min(BY_EXIT);
    }

    /**
     * Returns whether no stage failed, as {@link Pipeline} defines it.
     *
     * @return true if {@link #failed()} is empty
     */
    public boolean isSuccess() {
        return failed().isEmpty();
    }

    /**
     * Returns what was kept of the last stage's standard output.
     *
     * @return a copy
     */
    public byte[] stdout() {
        return last().stdout();
    }

    /**
     * Returns what was kept of the last stage's standard output, as text.
     *
     * @return the text; malformed input is replaced
     */
    public String stdoutText() {
        return last().stdoutText();
    }

    /**
     * Returns the lines of {@link #stdoutText()}, without their line terminators.
     *
     * @return an unmodifiable list
     */
    public List<String> stdoutLines() {
        return last().stdoutLines();
    }

    /** Returns the stages, each with its status, end reason and duration. */
    @Override
    public String toString() {
        return stages.stream().map(ProcessResult::toString).collect(Collectors.joining(" | "));
    }

    private boolean hasFailed(ProcessResult stage) {
        return !stage.accepted() && (stage == last() || !endedBySigpipe(stage));
    }

    private static boolean endedBySigpipe(ProcessResult stage) {
        return stage.endedBySigpipe() && stage.hasOnlyStatusFailure();
    }
}
