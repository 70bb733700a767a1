package org.processmanager.core.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.registry.DetachedState.Phase;

/**
 * One stop of a detached process whose shim was asked not to start it again: stops the process by its identity, and waits until
 * the shim has recorded the exit. The shim may just have started the process once more, which is then stopped too.
 */
final class DetachedStop {
    private static final Duration SHIM_BOUND = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(50);

    private final DetachedProcess target;
    private final ProcessManager manager;
    private final StopPolicy policy;
    private @Nullable ProcessIdentity stopped;
    private StopReport report = new StopReport(Optional.empty(), List.of(), List.of(), Optional.empty(), Duration.ZERO);

    DetachedStop(DetachedProcess target, ProcessManager manager, StopPolicy policy) {
        this.target = target;
        this.manager = manager;
        this.policy = policy;
    }

    StopReport run() {
        long start = System.nanoTime();
        while (true) {
            DetachedState state = target.state();
            state.process().ifPresent(this::stop);
            Duration waited = Duration.ofNanos(System.nanoTime() - start).minus(report.duration());
            boolean over = !state.isActive() || state.phase() == Phase.ORPHANED || waited.compareTo(SHIM_BOUND) > 0;
            if (over || !awaitStep(state.shim())) {
                return report;
            }
        }
    }

    private void stop(ProcessIdentity process) {
        if (process.equals(stopped)) {
            return;
        }
        stopped = process;
        try (AdoptedProcess adopted = manager.adopt(process)) {
            join(adopted.stop(policy));
        } catch (NoSuchProcessException e) {
            // it has exited
        }
    }

    private void join(StopReport next) {
        List<Long> signalled = new ArrayList<>(report.signalled());
        signalled.addAll(next.signalled());
        List<StopReport.Survivor> survivors = new ArrayList<>(report.survivors());
        survivors.addAll(next.survivors());
        report = new StopReport(
                next.effectiveStep(),
                signalled,
                survivors,
                report.scanFailure().or(next::scanFailure),
                report.duration().plus(next.duration()));
    }

    /** Waits a moment for the exit of a shim; returns false if interrupted. */
    private boolean awaitStep(ProcessIdentity shim) {
        try {
            var unused = target.awaitExit(shim, STEP);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
