package org.processmanager.core.internal.launch;

import java.util.concurrent.TimeUnit;
import org.processmanager.core.Cause;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.tree.Cgroup;

/** The control group of one child, to its end. */
final class Containment {
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Cgroup cgroup;
    private final long killsBefore;

    Containment(Cgroup cgroup) {
        this.cgroup = cgroup;
        killsBefore = cgroup.outOfMemoryKills();
    }

    /** Why the child ended, given why anybody here ended it. */
    Cause cause(ExitStatus status, Cause known) {
        boolean killed = status instanceof ExitStatus.Signaled signaled
                && signaled.signal().equals(Signal.KILL);
        return killed && known == Cause.OWN_EXIT && cgroup.outOfMemoryKills() > killsBefore
                ? Cause.OUT_OF_MEMORY
                : known;
    }

    /** Removes the group, if it was made for this child; if descendants are left, once these have ended. */
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
