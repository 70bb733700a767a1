package org.processmanager.core.internal.launch.posix;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.processmanager.core.EndReason;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.io.ChildInput;
import org.processmanager.core.internal.tree.PosixTree;
import org.processmanager.core.internal.tree.ProcessTree;
import org.processmanager.core.internal.tree.StopSteps;
import org.processmanager.core.internal.tree.TreeScope;

/**
 * Ends one child and its descendants, for any thread, and remembers who did: the cause becomes theirs who reached the
 * process while it ran; one that had ended by itself stays so.
 */
final class PosixStop {
    private static final StopPolicy KILL = StopPolicy.of(StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(1)));

    private final PidHandle held;
    private final TreeScope reach;
    private final ChildInput input;
    private final Runnable onUnpinned;
    private volatile Optional<StopReport> report = Optional.empty();
    private final AtomicReference<EndReason> cause = new AtomicReference<>(EndReason.OWN_EXIT);

    /**
     * @param reach what holds its tree together
     * @param onUnpinned run when nobody pins the child any more
     */
    PosixStop(PidHandle held, TreeScope reach, ChildInput input, Runnable onUnpinned) {
        this.held = held;
        this.reach = reach;
        this.input = input;
        this.onUnpinned = onUnpinned;
    }

    EndReason endReason() {
        return Objects.requireNonNull(cause.get());
    }

    /** The process does not run any more as far as its callers are concerned, and this is why. */
    void isBecause(EndReason why) {
        cause.compareAndSet(EndReason.OWN_EXIT, why);
    }

    /** Blocks within the bounds of the policy. Does nothing if the child was reaped. */
    StopReport climb(StopPolicy policy, EndReason why) {
        if (!held.pin()) {
            return StopSteps.NOTHING_TO_DO;
        }
        try {
            StopReport done = new StopSteps(tree(why), () -> closeStdin(why)).run(policy);
            if (StopSteps.didSomething(done)) {
                report = Optional.of(done); // before the pin goes, and with it what keeps the end from being told
            }
            return done;
        } finally {
            unpin();
        }
    }

    /** What the last stop came to that had something to do. */
    Optional<StopReport> report() {
        return report;
    }

    /** What the child started, directly or not, and lives. Under a pin. */
    List<ProcessIdentity> descendants() {
        return tree(EndReason.TERMINATED).descendants();
    }

    /** Sends KILL to the tree until none is left, for at most a second. */
    void kill(EndReason why) {
        climb(KILL, why);
    }

    /** KILL to the process and the group that it leads; needs neither a thread nor memory nor a descriptor. */
    void killNow(EndReason why) {
        PosixTree tree = tree(why);
        tree.sendToGroup(Signal.KILL);
        tree.send(new ProcessTree.Member(held.pid(), 0, false), Signal.KILL);
    }

    void unpin() {
        if (held.unpin()) {
            onUnpinned.run();
        }
    }

    private PosixTree tree(EndReason why) {
        return new PosixTree(held.pid(), held.pidfd(), reach, () -> isBecause(why));
    }

    private boolean closeStdin(EndReason why) {
        boolean before = held.hasEnded();
        boolean closed = input.closeForStop();
        if (closed && !before) {
            isBecause(why);
        }
        return closed;
    }
}
