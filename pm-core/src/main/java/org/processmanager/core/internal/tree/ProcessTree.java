package org.processmanager.core.internal.tree;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;

/** A process and its known descendants. Not thread-safe. */
public interface ProcessTree {
    /**
     * A process at one moment.
     *
     * @param pid the process id
     * @param startTicks the start time, with the pid its identity
     * @param suspended whether it is suspended and needs {@link Signal#CONT} to act on a signal
     */
    record Member(int pid, long startTicks, boolean suspended) {
        /** Returns the part that does not change. */
        Member identity() {
            return suspended ? new Member(pid, startTicks, false) : this;
        }
    }

    /** The result of sending a signal. */
    enum SignalResult {
        /** The signal was sent. */
        SENT,
        /** The process had exited. */
        GONE,
        /** The caller is not permitted to send it. */
        REFUSED
    }

    /**
     * Returns the members that are alive, and remembers them, so that they are found again after the exit of their parents.
     * Parents come before their children: a shell whose child is terminated first would continue with its next command. If
     * the scan fails, for example without a free descriptor, returns the root only, and {@link #scanFailure} the reason. The
     * root is returned as long as it has not exited, whatever {@code /proc} shows.
     */
    Collection<Member> live();

    /** Returns the identities of the members that are alive, except the root. */
    default List<ProcessIdentity> descendants() {
        Collection<Member> live = live();
        if (hasFailed() && !live.isEmpty()) {
            throw ProcFs.failure(
                    "cannot enumerate the descendants of process " + root() + ": "
                            + scanFailure().orElse(""),
                    null);
        }
        return live.stream()
                .filter(member -> member.pid() != root())
                .flatMap(member -> Identities.of(member).stream())
                .toList();
    }

    /**
     * Suspends the members where that is needed to miss no new process, until they get a signal.
     *
     * @return the members that are alive, marked as suspended
     */
    default Collection<Member> freeze(Collection<Member> live, Signal signal) {
        return live;
    }

    /** Sends a signal to exactly that process, never to a later one with the same pid. */
    SignalResult send(Member member, Signal signal);

    /** Sends a signal to the process group or control group in one call, where there is one; returns whether it was sent. */
    boolean sendToGroup(Signal signal);

    /** Returns whether {@link #sendToGroup} reaches a member. */
    default boolean isInGroup(Member member) {
        return false;
    }

    /** Returns the pid of the root. */
    int root();

    /** Returns whether the last {@link #live} could not look for members at all, and returned the root only. */
    boolean hasFailed();

    /** Returns why the last {@link #live} may have missed members; empty if it has not. */
    Optional<String> scanFailure();

    /** Reaps the ended members that became children of this JVM when their parents ended, if there can be any. */
    default void reapOrphans() {}
}
