package org.processmanager.core.internal.tree;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopPolicy.Step;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/**
 * Climbs a stop policy. On each step the tree is walked again and again until nobody is left or the bound is over, so that
 * what is born meanwhile gets its signal too; each process gets the signal of a step once, but KILL as often as it is met.
 *
 * <p>Blocks the calling thread between walks, by parking. If that thread is interrupted, the ladder goes to its last step
 * at once and the interrupt stays set.
 */
public final class StopSteps {
    /** What stopping comes to where all have ended before. */
    public static final StopReport NOTHING_TO_DO =
            new StopReport(Optional.empty(), List.of(), List.of(), Optional.empty(), Duration.ZERO);

    private static final long FIRST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private final ProcessTree tree;
    private final BooleanSupplier closeStdin;
    private final Set<Integer> signalled = new LinkedHashSet<>();
    private final Set<Integer> refused = new HashSet<>();

    /** A ladder for a tree; {@code closeStdin} answers false if there was nothing to close. */
    public StopSteps(ProcessTree tree, BooleanSupplier closeStdin) {
        this.tree = tree;
        this.closeStdin = closeStdin;
    }

    /** Whether there was anybody to be stopped. */
    public static boolean didSomething(StopReport report) {
        return report.effectiveStep().isPresent() || !report.signalled().isEmpty() || !report.isComplete();
    }

    /** Ends the tree by the policy. */
    public StopReport climb(StopPolicy policy) {
        long start = System.nanoTime();
        Step effectiveStep = null;
        Collection<ProcessTree.Member> live = tree.live();
        List<Step> steps = policy.steps();
        for (int i = 0; i < steps.size() && !live.isEmpty(); i++) {
            Step step = steps.get(i);
            boolean last = i == steps.size() - 1;
            if (!last && Thread.currentThread().isInterrupted()) {
                continue;
            }
            if (step.signal() == null && !closeStdin.getAsBoolean()) {
                continue;
            }
            live = stand(step, live, last);
            effectiveStep = step;
        }
        Step last = steps.get(steps.size() - 1);
        if (tree.scanFailure().isPresent() && last.signal() != null) {
            // Whoever is left of the group, the last word is said to all of it.
            tree.sendTogether(last.signal());
        }
        return new StopReport(
                live.isEmpty() ? Optional.ofNullable(effectiveStep) : Optional.empty(),
                signalled.stream().map(Integer::longValue).toList(),
                live.stream().map(this::survivor).toList(),
                tree.scanFailure(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** Stays on a step until nobody lives or its bound is over; who lives then. */
    private Collection<ProcessTree.Member> stand(Step step, Collection<ProcessTree.Member> found, boolean last) {
        long deadline = System.nanoTime() + Nanos.of(step.bound());
        long pause = FIRST_PAUSE_NANOS;
        Set<ProcessTree.Member> done = new HashSet<>();
        Collection<ProcessTree.Member> live = found;
        while (true) {
            Signal signal = step.signal();
            if (signal != null) {
                if (tree.scanFailure().isPresent() && done.isEmpty()) {
                    tree.sendTogether(signal);
                }
                signalAll(live, signal, done);
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || !last && Thread.currentThread().isInterrupted()) {
                return live;
            }
            Threads.pause(Math.min(pause, left));
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
            live = tree.live();
            if (live.isEmpty()) {
                return live;
            }
        }
    }

    private void signalAll(Collection<ProcessTree.Member> found, Signal signal, Set<ProcessTree.Member> done) {
        boolean kill = signal.equals(Signal.KILL);
        if (!kill && found.stream().allMatch(member -> done.contains(member.identity()))) {
            return;
        }
        Collection<ProcessTree.Member> live = tree.freeze(found);
        if (kill) {
            tree.sendTogether(Signal.KILL);
        }
        for (ProcessTree.Member member : live) {
            if (kill || done.add(member.identity())) {
                send(member, signal);
            }
            if (!kill && member.halted()) {
                tree.send(member, Signal.CONT);
            }
        }
    }

    private void send(ProcessTree.Member member, Signal signal) {
        switch (tree.send(member, signal)) {
            case YES -> signalled.add(member.pid());
            case REFUSED -> refused.add(member.pid());
            case GONE -> {}
        }
    }

    private StopReport.Survivor survivor(ProcessTree.Member member) {
        if (refused.contains(member.pid())) {
            return new StopReport.Survivor(member.pid(), "the kernel does not allow this process to signal it");
        }
        return new StopReport.Survivor(member.pid(), "still there when the last bound was over" + state(member));
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
