package org.processmanager.core.internal.launch.posix;

import java.util.concurrent.TimeUnit;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.tree.Cgroup;

/** The control group of one child, until the child has exited. */
final class CgroupLifetime {
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Cgroup cgroup;
    private final long killsBefore;

    CgroupLifetime(Cgroup cgroup) {
        this.cgroup = cgroup;
        killsBefore = cgroup.outOfMemoryKills();
    }

    /** Returns why the child ended, given the reason of the stop that reached it. */
    EndReason endReason(ExitStatus status, EndReason known) {
        boolean killed = status instanceof ExitStatus.Signaled signaled
                && signaled.signal().equals(Signal.KILL);
        return killed && known == EndReason.OWN_EXIT && cgroup.outOfMemoryKills() > killsBefore
                ? EndReason.OUT_OF_MEMORY
                : known;
    }

    /** Removes the group if it was created for this child, as soon as its descendants have exited. */
    void end() {
        if (!cgroup.remove()) {
            EventLoop loop = EventLoops.shared();
            loop.execute(() -> removeLater(loop, FIRST_RETRY_NANOS));
        }
    }

    private void removeLater(EventLoop loop, long nanos) {
        loop.schedule(nanos, () -> {
            if (!cgroup.remove()) {
                removeLater(loop, Math.min(nanos * 2, LONGEST_RETRY_NANOS));
            }
        });
    }
}
