package org.processmanager.core.internal.launch;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.processmanager.core.Cause;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.tree.PosixTree;
import org.processmanager.core.internal.tree.ProcessTree;
import org.processmanager.core.internal.tree.Reach;
import org.processmanager.core.internal.tree.StopLadder;

/**
 * Ends one child and its descendants, for any thread, and remembers who did: the cause becomes theirs who reached the
 * process while it ran; one that had ended by itself stays so.
 */
final class PosixStop {
    private static final StopPolicy KILL = StopPolicy.of(StopPolicy.Rung.signal(Signal.KILL, Duration.ofSeconds(1)));

    private final HeldPid held;
    private final Reach reach;
    private final ChildInput input;
    private final Runnable onUnpinned;
    private volatile Optional<StopReport> report = Optional.empty();
    private final AtomicReference<Cause> cause = new AtomicReference<>(Cause.OWN_EXIT);

    /**
     * @param reach what holds its tree together
     * @param onUnpinned run when nobody pins the child any more
     */
    PosixStop(HeldPid held, Reach reach, ChildInput input, Runnable onUnpinned) {
        this.held = held;
        this.reach = reach;
        this.input = input;
        this.onUnpinned = onUnpinned;
    }

    Cause cause() {
        return Objects.requireNonNull(cause.get());
    }

    /** The process does not run any more as far as its callers are concerned, and this is why. */
    void isBecause(Cause why) {
        cause.compareAndSet(Cause.OWN_EXIT, why);
    }

    /** Blocks within the bounds of the policy. Does nothing if the child was reaped. */
    StopReport climb(StopPolicy policy, Cause why) {
        if (!held.pin()) {
            return StopLadder.NOTHING_TO_DO;
        }
        try {
            StopReport done = new StopLadder(tree(why), () -> closeStdin(why)).climb(policy);
            if (StopLadder.didSomething(done)) {
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
        return tree(Cause.STOPPED).descendants();
    }

    /** Sends KILL to the tree until none is left, for at most a second. */
    void kill(Cause why) {
        climb(KILL, why);
    }

    /** KILL to the process and the group that it leads; needs neither a thread nor memory nor a descriptor. */
    void killNow(Cause why) {
        PosixTree tree = tree(why);
        tree.sendTogether(Signal.KILL);
        tree.send(new ProcessTree.Member(held.pid(), 0, false), Signal.KILL);
    }

    void unpin() {
        if (held.unpin()) {
            onUnpinned.run();
        }
    }

    private PosixTree tree(Cause why) {
        return new PosixTree(held.pid(), held.pidfd(), reach, () -> isBecause(why));
    }

    private boolean closeStdin(Cause why) {
        boolean before = held.hasEnded();
        boolean closed = input.closeForStop();
        if (closed && !before) {
            isBecause(why);
        }
        return closed;
    }
}
