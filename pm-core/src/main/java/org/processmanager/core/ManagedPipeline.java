package org.processmanager.core;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/** A started {@link Pipeline}. Thread-safe; all methods can be called at any time, also after its end. */
public final class ManagedPipeline {
    private final String name;
    private final List<ManagedProcess> stages;

    ManagedPipeline(String name, List<ManagedProcess> stages) {
        this.name = name;
        this.stages = stages;
    }

    /**
     * Returns the processes, the first one first.
     *
     * @return an unmodifiable list
     */
    public List<ManagedProcess> stages() {
        return stages;
    }

    /**
     * Returns the first stage's standard input.
     *
     * @return the stream, as {@link ManagedProcess#stdin()}
     * @throws IllegalStateException unless that was started with {@link Input#pipe()}
     */
    public OutputStream stdin() {
        return stages.get(0).stdin();
    }

    /**
     * Returns the last stage's standard output.
     *
     * @return the stream, as {@link ManagedProcess#stdout()}
     * @throws IllegalStateException unless that was started with {@link Output#pipe()}
     */
    public InputStream stdout() {
        return stages.get(stages.size() - 1).stdout();
    }

    /**
     * Returns a future that completes when all stages have exited and the last of their output was delivered.
     *
     * @return a future of the caller's own: completing or cancelling it affects neither the processes nor other callers
     */
    public CompletableFuture<PipelineResult> onExit() {
        List<CompletableFuture<ProcessResult>> ends =
                stages.stream().map(ManagedProcess::onExit).toList();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> new PipelineResult(
                        ends.stream().map(CompletableFuture::join).toList()));
    }

    /**
     * Blocks until all stages have exited and the last of their output was delivered.
     *
     * @return the result, whatever it is
     * @throws InterruptedException if interrupted; the processes continue
     * @throws IllegalStateException if called by a consumer of the output of a stage, which would wait for itself
     */
    public PipelineResult await() throws InterruptedException {
        List<ProcessResult> results = new ArrayList<>(stages.size());
        for (ManagedProcess stage : stages) {
            results.add(stage.await());
        }
        return new PipelineResult(results);
    }

    /**
     * Blocks until all stages have exited and the last of their output was delivered, or the timeout is over.
     *
     * @param timeout the longest wait; zero or less only checks
     * @return the result, or empty if the timeout was over first
     * @throws InterruptedException if interrupted; the processes continue
     * @throws IllegalStateException if called by a consumer of the output of a stage, which would wait for itself
     */
    public Optional<PipelineResult> await(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        long start = System.nanoTime();
        List<ProcessResult> results = new ArrayList<>(stages.size());
        for (ManagedProcess stage : stages) {
            long left = Nanos.of(timeout) - (System.nanoTime() - start);
            Optional<ProcessResult> result = stage.await(Duration.ofNanos(left));
            if (result.isEmpty()) {
                return Optional.empty();
            }
            results.add(result.get());
        }
        return Optional.of(new PipelineResult(results));
    }

    /**
     * Stops all stages and their descendants at the same time, each by its command's {@linkplain Command#stopPolicy policy},
     * and blocks until they have exited or the bounds of the policies are over. Interrupting the caller does not shorten the
     * wait (unlike {@link ManagedProcess#stop()}), since one stage may depend on the orderly exit of another; the interrupt
     * status is preserved. {@link #kill()} in another thread shortens it.
     *
     * @return the reports, stage by stage
     */
    public List<StopReport> stop() {
        List<CompletableFuture<StopReport>> stops = new ArrayList<>(stages.size());
        for (ManagedProcess stage : stages) {
            stops.add(CompletableFuture.supplyAsync(stage::stop, Threads.WORKERS_OR_CALLER));
        }
        return stops.stream().map(CompletableFuture::join).toList();
    }

    /** Sends {@link Signal#KILL} to all stages and their descendants until none is left, for at most a second each. */
    public void kill() {
        stages.forEach(ManagedProcess::kill);
    }

    /** Returns the stages with their pids and states. */
    @Override
    public String toString() {
        return name + " " + stages;
    }

    /** Blocks; when interrupted, stops all stages, waits for their exit, and throws then. */
    PipelineResult awaitOrStop() throws InterruptedException {
        boolean interrupted = false;
        PipelineResult result = null;
        while (result == null) {
            try {
                result = await();
            } catch (InterruptedException e) {
                if (!interrupted) {
                    interrupted = true;
                    stages.forEach(stage -> stage.child().terminate(EndReason.INTERRUPTED));
                }
            }
        }
        if (interrupted) {
            throw new InterruptedException(name + " was stopped because its caller was interrupted");
        }
        return result;
    }
}
