package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.OsProcess;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopPolicy.Action;
import org.processmanager.core.StopPolicy.Step;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of a stop policy. Each step scans the tree repeatedly until no member is alive or its bound has elapsed, so
 * that new processes are signalled too: soon after a known member has ended, and now and then. Each process gets the signal of
 * a step once, but KILL on every scan.
 *
 * <p>Blocks the calling thread between scans. If it is interrupted, the last step runs at once; the interrupt status is
 * preserved.
 */
public final class StopSteps {
    /** The report of a stop that found no live process. */
    public static final StopReport NOTHING_TO_DO =
            new StopReport(Optional.empty(), List.of(), List.of(), Optional.empty(), Duration.ZERO);

    private static final Logger LOG = LoggerFactory.getLogger(StopSteps.class);
    private static final long FIRST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;
    /** A scan reads all of {@code /proc}. While no known member ends, the next one waits this many times as long as one takes. */
    private static final int REST_FACTOR = 50;

    private static final long LONGEST_REST_NANOS = 500_000_000;

    private final ProcessTree tree;
    private final BooleanSupplier closeStdin;
    private final Callable<OsProcess> process;
    private final Set<Integer> signalled = new LinkedHashSet<>();
    private final Set<Integer> refused = new HashSet<>();
    /** When the next scan is due though no known member has ended. */
    private long scanDueNanos;

    /**
     * Creates the steps for a tree.
     *
     * @param closeStdin returns false if there was nothing to close
     * @param process returns the process for the code of a step; called before it on the same thread, may block
     */
    public StopSteps(ProcessTree tree, BooleanSupplier closeStdin, Callable<OsProcess> process) {
        this.tree = tree;
        this.closeStdin = closeStdin;
        this.process = process;
    }

    /** Returns whether there was a process to stop. */
    public static boolean didSomething(StopReport report) {
        return report.effectiveStep().isPresent() || !report.signalled().isEmpty() || !report.isComplete();
    }

    /** Terminates the tree by the policy. */
    public StopReport run(StopPolicy policy) {
        long start = System.nanoTime();
        Step effectiveStep = null;
        Collection<ProcessTree.Member> live = scan();
        List<Step> steps = policy.steps();
        for (int i = 0; i < steps.size() && !live.isEmpty(); i++) {
            Step step = steps.get(i);
            boolean last = i == steps.size() - 1;
            if (!last && Thread.currentThread().isInterrupted()) {
                continue;
            }
            Action action = step.action().orElse(null);
            if (action != null) {
                live = runAction(step, action, live, last);
            } else if (step.signal().isPresent() || closeStdin.getAsBoolean()) {
                live = runStep(step, null, live, last);
            } else {
                continue;
            }
            effectiveStep = step;
        }
        Signal last = steps.get(steps.size() - 1).signal().orElse(null);
        if (tree.scanFailure().isPresent() && last != null) {
            // The remaining members are unknown: signal the whole group.
            tree.sendToGroup(last);
        }
        tree.reapOrphans();
        return new StopReport(
                live.isEmpty() ? Optional.ofNullable(effectiveStep) : Optional.empty(),
                pids(signalled),
                survivors(live),
                tree.scanFailure(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** Runs the code of a step on a worker thread, which is interrupted when the step is over. */
    private Collection<ProcessTree.Member> runAction(
            Step step, Action action, Collection<ProcessTree.Member> found, boolean last) {
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Boolean> call = new FutureTask<>(() -> {
            try {
                action.run(process.call());
                return true;
            } catch (Throwable e) {
                if (!over.get()) {
                    LOG.warn("step \"{}\" of a stop of process {} failed", step, tree.root(), e);
                }
                return false;
            }
        });
        try {
            Threads.WORKERS.execute(call);
        } catch (OutOfMemoryError e) {
            LOG.warn("no thread for step \"{}\" of a stop of process {}", step, tree.root());
            return found;
        }
        try {
            return runStep(step, call, found, last);
        } finally {
            over.set(true);
            call.cancel(true);
        }
    }

    private static boolean hasFailed(@Nullable Future<Boolean> call) {
        if (call == null || !call.isDone()) {
            return false;
        }
        try {
            return !call.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /**
     * Runs a step until no member is alive, its bound has elapsed, or its code has failed; returns the members that are still
     * alive.
     */
    private Collection<ProcessTree.Member> runStep(
            Step step, @Nullable Future<Boolean> call, Collection<ProcessTree.Member> found, boolean last) {
        long deadline = System.nanoTime() + Nanos.of(step.bound());
        long pause = FIRST_PAUSE_NANOS;
        Set<ProcessTree.Member> done = new HashSet<>();
        Collection<ProcessTree.Member> live = found;
        while (true) {
            Signal signal = step.signal().orElse(null);
            if (signal != null) {
                signalAll(live, signal, done);
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                // Those found before the signal may have exited.
                return tree.live();
            }
            if (hasFailed(call) || !last && Thread.currentThread().isInterrupted()) {
                return live;
            }
            Threads.pause(Math.min(pause, left));
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
            if (Signal.KILL.equals(signal) || System.nanoTime() - scanDueNanos >= 0 || mayHaveEnded(live)) {
                live = scan();
            }
            if (live.isEmpty()) {
                return live;
            }
        }
    }

    private Collection<ProcessTree.Member> scan() {
        long start = System.nanoTime();
        Collection<ProcessTree.Member> live = tree.live();
        long end = System.nanoTime();
        scanDueNanos = end + Math.min(REST_FACTOR * (end - start), LONGEST_REST_NANOS);
        return live;
    }

    /** Returns whether {@code /proc} does not show all of these as alive. */
    private static boolean mayHaveEnded(Collection<ProcessTree.Member> members) {
        try {
            for (ProcessTree.Member member : members) {
                ProcStat stat = ProcStat.of(member.pid());
                if (stat == null || !stat.isAlive() || stat.startTicks() != member.startTicks()) {
                    return true;
                }
            }
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private void signalAll(Collection<ProcessTree.Member> found, Signal signal, Set<ProcessTree.Member> done) {
        boolean kill = signal.equals(Signal.KILL);
        boolean first = !areDone(found, done);
        if (!kill && !first) {
            return;
        }
        Collection<ProcessTree.Member> live = first ? tree.freeze(found, signal) : found;
        // Members that were not found may be in the group.
        boolean group = (kill || done.isEmpty() && tree.scanFailure().isPresent()) && tree.sendToGroup(signal);
        for (ProcessTree.Member member : live) {
            if (done.add(member.identity()) || kill) {
                if (group && !kill && tree.isInGroup(member)) {
                    signalled.add(member.pid());
                } else {
                    send(member, signal);
                }
            }
            if (!kill && member.suspended()) {
                tree.send(member, Signal.CONT);
            }
        }
    }

    private static boolean areDone(Collection<ProcessTree.Member> members, Set<ProcessTree.Member> done) {
        for (ProcessTree.Member member : members) {
            if (!done.contains(member.identity())) {
                return false;
            }
        }
        return true;
    }

    private void send(ProcessTree.Member member, Signal signal) {
        switch (tree.send(member, signal)) {
            case SENT -> signalled.add(member.pid());
            case REFUSED -> refused.add(member.pid());
            case GONE -> {}
        }
    }

    private static List<Long> pids(Set<Integer> numbers) {
        List<Long> pids = new ArrayList<>(numbers.size());
        for (int number : numbers) {
            pids.add((long) number);
        }
        return pids;
    }

    private List<StopReport.Survivor> survivors(Collection<ProcessTree.Member> live) {
        List<StopReport.Survivor> survivors = new ArrayList<>(live.size());
        for (ProcessTree.Member member : live) {
            survivors.add(survivor(member));
        }
        return survivors;
    }

    private StopReport.Survivor survivor(ProcessTree.Member member) {
        if (refused.contains(member.pid())) {
            String failure = tree.scanFailure().orElse(null); // the JDK needs a descriptor to signal
            return new StopReport.Survivor(
                    member.pid(),
                    failure == null
                            ? "this process is not permitted to signal it"
                            : "it could not be signalled: " + failure);
        }
        return new StopReport.Survivor(member.pid(), "still alive after the last step" + state(member));
    }

    private static String state(ProcessTree.Member member) {
        try {
            ProcStat stat = ProcStat.of(member.pid());
            return stat == null ? "" : ", state " + stat.state();
        } catch (UncheckedIOException e) {
            return "";
        }
    }
}
