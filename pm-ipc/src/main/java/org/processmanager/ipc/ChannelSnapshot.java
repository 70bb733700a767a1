package org.processmanager.ipc;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The state of a channel at one moment.
 *
 * @param endpoint the channel, as this end was opened
 * @param connected whether a living process has the other end, as far as the transport knows
 * @param peers the ends of the channel, this one included; empty if the transport does not know them
 * @param messages how many messages this end has sent or received
 * @param backlogBytes bytes sent and not yet received, including what the transport adds to each message; on {@code unix:} only
 *     those that the receiver has read
 * @param capacityBytes how many bytes the channel can hold
 * @param missedMessages how many messages this end has missed: as a receiver with {@code policy=dropOldest}, else 0
 */
public record ChannelSnapshot(
        Endpoint endpoint,
        boolean connected,
        List<Peer> peers,
        long messages,
        long backlogBytes,
        long capacityBytes,
        long missedMessages) {
    /** An end of a channel. */
    public enum Role {
        /** It sends. */
        SENDER,
        /** It receives. */
        RECEIVER
    }

    /**
     * A claim that a sender has opened and not yet committed or closed. No message behind it can be sent, and the claim of a
     * suspended process is never taken away from it.
     *
     * @param since when it was opened, by the clock of the sender
     * @param position where its lane continues with it
     * @param threadId the id of the thread that opened it; 0 if it is not known
     */
    public record OpenClaim(Instant since, long position, long threadId) {
        /** Returns a text like {@code claim open since 2026-01-31T12:00:00Z at position 4096 by thread 31}. */
        @Override
        public String toString() {
            return "claim open since " + since + " at position " + position
                    + (threadId == 0 ? "" : " by thread " + threadId);
        }
    }

    /**
     * A process that has an end of a channel.
     *
     * @param role which end
     * @param pid the process id, as seen in its own process namespace
     * @param name the name of the process
     * @param alive whether it is alive; false until another process has repaired the channel
     * @param lagBytes for a receiver how many bytes it has yet to receive; for a sender how many of its bytes are not yet
     *     received, where the transport keeps them apart, else 0
     * @param missedMessages for a receiver with {@code policy=dropOldest} how many messages it has missed, else 0
     * @param claim the open claim of a living sender, which blocks its lane, where the transport supports claims
     */
    public record Peer(
            Role role,
            long pid,
            String name,
            boolean alive,
            long lagBytes,
            long missedMessages,
            Optional<OpenClaim> claim) {
        /**
         * Creates an end without a claim.
         *
         * @param role which end
         * @param pid the process id
         * @param name the name of the process
         * @param alive whether it is alive
         * @param lagBytes for a receiver how many bytes it has yet to receive
         * @param missedMessages how many messages it has missed
         */
        public Peer(Role role, long pid, String name, boolean alive, long lagBytes, long missedMessages) {
            this(role, pid, name, alive, lagBytes, missedMessages, Optional.empty());
        }

        /**
         * Creates an end that has missed nothing.
         *
         * @param role which end
         * @param pid the process id
         * @param name the name of the process
         * @param alive whether it is alive
         * @param lagBytes for a receiver how many bytes it has yet to receive
         */
        public Peer(Role role, long pid, String name, boolean alive, long lagBytes) {
            this(role, pid, name, alive, lagBytes, 0);
        }

        /** Returns a text like {@code receiver 'risk' pid 4711, lag 61440 B}. */
        @Override
        public String toString() {
            return role.name().toLowerCase(Locale.ROOT) + " '" + name + "' pid " + pid
                    + (alive ? "" : " (dead)")
                    + (role == Role.RECEIVER || lagBytes > 0 ? ", lag " + lagBytes + " B" : "")
                    + (missedMessages > 0 ? ", missed " + missedMessages : "")
                    + claim.map(open -> ", " + open).orElse("");
        }
    }

    /**
     * Creates a snapshot; the list is copied.
     *
     * @param endpoint the channel
     * @param connected whether a living process has the other end
     * @param peers the ends of the channel
     * @param messages how many messages this end has sent or received
     * @param backlogBytes bytes not yet received
     * @param capacityBytes how many bytes the channel can hold
     * @param missedMessages how many messages this end has missed
     */
    public ChannelSnapshot {
        peers = List.copyOf(peers);
    }

    /**
     * Creates a snapshot of an end that has missed nothing.
     *
     * @param endpoint the channel
     * @param connected whether a living process has the other end
     * @param peers the ends of the channel
     * @param messages how many messages this end has sent or received
     * @param backlogBytes bytes not yet received
     * @param capacityBytes how many bytes the channel can hold
     */
    public ChannelSnapshot(
            Endpoint endpoint,
            boolean connected,
            List<Peer> peers,
            long messages,
            long backlogBytes,
            long capacityBytes) {
        this(endpoint, connected, peers, messages, backlogBytes, capacityBytes, 0);
    }

    /**
     * Returns the receiver with the greatest lag.
     *
     * @return the receiver, or empty if none lags or none is known
     */
    public Optional<Peer> slowestReceiver() {
        Optional<Peer> slowest = Optional.empty();
        for (Peer peer : peers) {
            long greatest = slowest.isPresent() ? slowest.get().lagBytes() : 0;
            if (peer.role() == Role.RECEIVER && peer.lagBytes() > greatest) {
                slowest = Optional.of(peer);
            }
        }
        return slowest;
    }
}
