package org.processmanager.core;

import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/** A started {@link Pipeline}. All methods may be called by any thread at any time, also after its end. */
public final class ManagedPipeline {
    private final String name;
    private final List<ManagedProcess> stages;

    ManagedPipeline(String name, List<ManagedProcess> stages) {
        this.name = name;
        this.stages = stages;
    }

    /**
     * The processes, the first one first.
     *
     * @return an unmodifiable list
     */
    public List<ManagedProcess> stages() {
        return stages;
    }

    /**
     * The first stage's standard input.
     *
     * @return the stream, as {@link ManagedProcess#stdin()}
     * @throws IllegalStateException unless that was started with {@link Input#pipe()}
     */
    public OutputStream stdin() {
        return stages.get(0).stdin();
    }

    /**
     * Done when all stages have ended and the last of their output was delivered.
     *
     * @return a future of the caller's own: completing or cancelling it changes nothing for others or the processes
     */
    public CompletableFuture<PipelineResult> onExit() {
        List<CompletableFuture<ProcessResult>> ends =
                stages.stream().map(ManagedProcess::onExit).toList();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> new PipelineResult(
                        ends.stream().map(CompletableFuture::join).toList()));
    }

    /**
     * Waits until all stages have ended and the last of their output was delivered.
     *
     * @return the result, whatever it is
     * @throws InterruptedException if interrupted; the processes continue
     * @throws IllegalStateException if called by a consumer of one of the stages, whose end it would wait for
     */
    public PipelineResult await() throws InterruptedException {
        List<ProcessResult> results = new ArrayList<>(stages.size());
        for (ManagedProcess stage : stages) {
            results.add(stage.await());
        }
        return new PipelineResult(results);
    }

    /**
     * Waits, at most for a time, until all stages have ended and the last of their output was delivered.
     *
     * @param timeout the longest wait; zero and less look only
     * @return the result, or empty if the time was over
     * @throws InterruptedException if interrupted; the processes continue
     * @throws IllegalStateException if called by a consumer of one of the stages, whose end it would wait for
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
     * Ends all stages and their descendants at the same time, each by its command's {@linkplain Command#stopPolicy policy},
     * and waits for that within the bounds of the policies. An interrupt does not shorten the wait, unlike that of
     * {@link ManagedProcess#stop()}, since one stage's work may depend on another's orderly end; it is kept. {@link #kill()}
     * by another thread does.
     *
     * @return what it came to, stage by stage
     */
    public List<StopReport> stop() {
        List<CompletableFuture<StopReport>> stops = new ArrayList<>(stages.size());
        for (ManagedProcess stage : stages) {
            try {
                stops.add(CompletableFuture.supplyAsync(stage::stop, Threads.WORKERS));
            } catch (OutOfMemoryError e) {
                stops.add(CompletableFuture.completedFuture(stage.stop())); // no thread can be made
            }
        }
        return stops.stream().map(CompletableFuture::join).toList();
    }

    /** Sends {@link Signal#KILL} to all stages and their descendants until none is left, for at most a second each. */
    public void kill() {
        stages.forEach(ManagedProcess::kill);
    }

    /** The stages with their numbers and states. */
    @Override
    public String toString() {
        return name + " " + stages;
    }

    /** Waits; when interrupted stops all stages, waits for their end, and throws then. */
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
