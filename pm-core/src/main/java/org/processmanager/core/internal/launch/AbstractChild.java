package org.processmanager.core.internal.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.processmanager.core.EndReason;
import org.processmanager.core.OsProcess;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.tree.ProcessTree;
import org.processmanager.core.internal.tree.StopSteps;
import org.processmanager.core.internal.util.ExitCaller;
import org.processmanager.core.internal.util.StackSpace;

/** The common part of the children of all launchers: completion, end reason, stopping. */
public abstract class AbstractChild implements ChildProcess {
    private static final StopPolicy KILL = StopPolicy.of(StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(1)));
    private static final long BRIEFLY_NANOS = TimeUnit.SECONDS.toNanos(1);

    protected final LaunchSpec spec;
    private final Instant started;
    private final CompletableFuture<ProcessExit> completion = new CompletableFuture<>();
    private final AtomicReference<EndReason> reason = new AtomicReference<>(EndReason.OWN_EXIT);
    private final CompletableFuture<OsProcess> managed = new CompletableFuture<>();
    private volatile Optional<StopReport> stopReport = Optional.empty();

    /** @param startNanos the time of the spawn, by {@link System#nanoTime} */
    protected AbstractChild(LaunchSpec spec, long startNanos) {
        this.spec = spec;
        started = Instant.now().minusNanos(System.nanoTime() - startNanos);
    }

    @Override
    public final Instant started() {
        return started;
    }

    public final LaunchSpec spec() {
        return spec;
    }

    @Override
    public final CompletableFuture<ProcessExit> completion() {
        return completion;
    }

    /** Returns why the process ended: the reason of the first stop that found it running, else OWN_EXIT. */
    public final EndReason endReason() {
        return Objects.requireNonNull(reason.get());
    }

    /** Records that a stop for this reason reached the process while it ran. */
    public final void recordReason(EndReason why) {
        reason.compareAndSet(EndReason.OWN_EXIT, why);
    }

    /** Returns the report of the last stop that found a process to stop. */
    public final Optional<StopReport> stopReport() {
        return stopReport;
    }

    @Override
    public final StopReport stop(StopPolicy policy, EndReason why) {
        StackSpace.require();
        StopReport report = runStop(policy, why);
        boundDelivery(report);
        if (report.survivors().isEmpty() && !isConsumerThread()) {
            awaitBriefly();
        }
        return report;
    }

    @Override
    public final void kill() {
        StackSpace.require();
        boundDelivery(runStop(KILL, EndReason.TERMINATED));
    }

    private void boundDelivery(StopReport report) {
        if (report.survivors().stream().noneMatch(survivor -> survivor.pid() == pid())) {
            boundDelivery();
        }
    }

    @Override
    public void discard() {
        kill();
        awaitBriefly();
    }

    /** Runs the steps of a policy, within its bounds; does nothing if the process has ended. */
    public abstract StopReport runStop(StopPolicy policy, EndReason why);

    /**
     * Abandons, a while after a stop that the process did not survive, output that a consumer has not taken by then, as after a
     * timeout.
     */
    protected abstract void boundDelivery();

    /** Runs the steps of a policy on the process tree and keeps the report. */
    protected final StopReport runStop(StopPolicy policy, EndReason why, ProcessTree tree, BooleanSupplier closeStdin) {
        StopReport done = new StopSteps(tree, closeStdin, () -> askedToExit(why)).run(policy);
        if (StopSteps.didSomething(done)) {
            stopReport = Optional.of(done);
        }
        return done;
    }

    /** Returns the process for the code of a step, which is about to run. */
    private OsProcess askedToExit(EndReason why) throws InterruptedException, ExecutionException {
        if (!hasExited()) {
            recordReason(why);
        }
        return managed.get();
    }

    @Override
    public final void bind(OsProcess process) {
        managed.complete(process);
    }

    @Override
    public void awaitOrStop(Future<?> completed) throws InterruptedException {
        boolean interrupted = false;
        while (true) {
            try {
                completed.get();
                break;
            } catch (InterruptedException e) {
                if (!interrupted) {
                    interrupted = true;
                    terminate(EndReason.INTERRUPTED);
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("the end of a process cannot fail", e);
            }
        }
        if (interrupted) {
            throw interruption();
        }
    }

    /** Returns the exception for a caller that was interrupted and whose process was therefore stopped. */
    protected final InterruptedException interruption() {
        return new InterruptedException(spec.name() + " was stopped because its caller was interrupted");
    }

    /** Waits briefly for the completion of a process that was killed; consumers may delay it further. */
    private void awaitBriefly() {
        try {
            completion.get(ExitCaller.patience(BRIEFLY_NANOS), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // the process has exited nevertheless
        }
    }
}
