package org.processmanager.core.internal.launch.jdk;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.processmanager.core.EndReason;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.tree.PortableTree;
import org.processmanager.core.internal.tree.StopSteps;

/**
 * Ends one child of {@link ProcessBuilder} and its descendants, for any thread, and remembers who did: the cause becomes
 * theirs who reached the process while it ran; one that had ended by itself stays so.
 */
final class JdkStop {
    private static final StopPolicy KILL = StopPolicy.of(StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(1)));

    private final Process process;
    private final long startTicks;
    private final JdkInput input;
    private final Runnable onChange;
    private final AtomicReference<EndReason> cause = new AtomicReference<>(EndReason.OWN_EXIT);
    private final AtomicInteger running = new AtomicInteger();
    private volatile Optional<StopReport> report = Optional.empty();

    /** @param onChange run when a stop is over */
    JdkStop(Process process, JdkInput input, Runnable onChange) {
        this.process = process;
        this.input = input;
        this.onChange = onChange;
        startTicks = PortableTree.startTicks(process.toHandle());
    }

    EndReason endReason() {
        return Objects.requireNonNull(cause.get());
    }

    /** The process does not run any more as far as its callers are concerned, and this is why. */
    void isBecause(EndReason why) {
        cause.compareAndSet(EndReason.OWN_EXIT, why);
    }

    boolean isRunning() {
        return running.get() > 0;
    }

    /** What the last stop came to that had something to do. */
    Optional<StopReport> report() {
        return report;
    }

    List<ProcessIdentity> descendants() {
        return tree(() -> {}).descendants();
    }

    /** Blocks within the bounds of the policy. */
    StopReport climb(StopPolicy policy, EndReason why) {
        running.incrementAndGet();
        try {
            Runnable reached = () -> isBecause(why);
            StopReport done = new StopSteps(tree(reached), () -> closeStdin(reached)).run(policy);
            if (StopSteps.didSomething(done)) {
                report = Optional.of(done);
            }
            return done;
        } finally {
            running.decrementAndGet();
            onChange.run();
        }
    }

    /** Sends KILL to the tree until none is left, for at most a second. */
    void kill(EndReason why) {
        climb(KILL, why);
    }

    private PortableTree tree(Runnable reached) {
        return new PortableTree(process.toHandle(), startTicks, reached);
    }

    private boolean closeStdin(Runnable reached) {
        if (!input.isOpen()) {
            return false;
        }
        if (process.isAlive()) {
            reached.run(); // before: the end may be told at once
        }
        return input.closeForStop();
    }
}
