package org.processmanager.core.internal.tree;

import java.util.Collection;
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
     * before their children: a shell whose child ends first goes on to its next command.
     */
    Collection<Member> live();

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

    /** Sends KILL to as many as one call can reach at once, where there is such a call. */
    void killTogether();
}
