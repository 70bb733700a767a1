package org.processmanager.core.internal.launch.posix;

import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;

/** The pipes between the stages of one pipeline, until the stages own them. */
final class StagePipes implements AutoCloseable {
    private static final int CLOSED = -1;

    /** Of the pipe after stage i: the end that stage i + 1 reads at 2i, the end that stage i writes at 2i + 1. */
    private final int[] ends;

    private StagePipes(int count) {
        ends = new int[2 * count];
        java.util.Arrays.fill(ends, CLOSED);
    }

    /** Creates all pipes, or throws and leaves none open. */
    static StagePipes open(int stages) {
        StagePipes pipes = new StagePipes(stages - 1);
        try {
            for (int i = 0; i < pipes.ends.length; i += 2) {
                int[] pipe = Files.pipe(false);
                pipes.ends[i] = pipe[0];
                pipes.ends[i + 1] = pipe[1];
            }
            return pipes;
        } catch (PosixException e) {
            pipes.close();
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED, "cannot start a pipeline: " + e.getMessage(), e);
        }
    }

    /** Returns a stage with its ends of the pipes as streams, which it does not own. */
    LaunchSpec connect(LaunchSpec spec, int stage) {
        boolean first = stage == 0;
        boolean last = 2 * stage == ends.length;
        return spec.withStreams(
                first ? spec.stdin() : new InputSpec.FromStage(ends[2 * stage - 2]),
                last ? spec.stdout() : new OutputSpec.ToStage(ends[2 * stage + 1]),
                spec.stderr());
    }

    /** Closes the ends that a started stage has inherited, so that only the stage has them open. */
    void passedTo(int stage) {
        if (stage > 0) {
            close(2 * stage - 2);
        }
        if (2 * stage < ends.length) {
            close(2 * stage + 1);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < ends.length; i++) {
            close(i);
        }
    }

    private void close(int i) {
        if (ends[i] != CLOSED) {
            Files.close(ends[i]);
            ends[i] = CLOSED;
        }
    }
}
