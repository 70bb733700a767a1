package org.processmanager.core.internal.tree;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.Signal;

/** A process and what it started, directly or not, as far as that can be told. Used by one thread at a time. */
public interface ProcessTree {
    /**
     * A process at one moment.
     *
     * @param pid its number
     * @param startTicks with the number its identity
     * @param halted whether it is stopped and needs {@link Signal#CONT} to act on a signal
     */
    record Member(int pid, long startTicks, boolean halted) {
        /** The part that does not change. */
        Member identity() {
            return halted ? new Member(pid, startTicks, false) : this;
        }
    }

    /** What a signal came to. */
    enum Sent {
        /** It was sent. */
        YES,
        /** The process had ended. */
        GONE,
        /** The kernel does not allow it. */
        REFUSED
    }

    /**
     * Those that live now; they are remembered, so that they are found again when their parents are gone. Parents come
     * before their children: a shell whose child ends first goes on to its next command. Where it cannot be looked, for
     * want of a descriptor say, the root alone is told of, and {@link #scanFailure} says so.
     */
    Collection<Member> live();

    /** Those that live now, but for the root; as {@link #live} tells them. */
    default List<ProcessIdentity> descendants() {
        Collection<Member> live = live();
        scanFailure().filter(why -> !live.isEmpty()).ifPresent(why -> {
            throw new ResourcesExhaustedException("cannot look for what process " + root() + " started: " + why, null);
        });
        return live.stream()
                .filter(member -> member.pid() != root())
                .flatMap(member -> Identities.of(member).stream())
                .toList();
    }

    /**
     * Keeps the members from starting others until they are signalled, where that is needed to miss none and can be done.
     *
     * @return those that live now, halted
     */
    default Collection<Member> freeze(Collection<Member> live) {
        return live;
    }

    /** Sends a signal to that very process, never to another one that has its number now. */
    Sent send(Member member, Signal signal);

    /** Sends a signal to as many as one call can reach at once, where there is such a call. */
    void sendTogether(Signal signal);

    /** The number of the root. */
    int root();

    /** Why the last {@link #live} could not look and told of the root alone; empty if it could. */
    Optional<String> scanFailure();
}
