package org.processmanager.ipc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What could be said of a channel at one moment.
 *
 * @param endpoint the channel, as this end was opened
 * @param connected whether the other end is held by a living process, as far as that is known
 * @param peers who holds a place in the channel, this end included; what the transport knows, which may be nothing
 * @param messages how many messages this end has sent or received so far
 * @param backlogBytes how much was sent and not yet received, including what the transport adds to each message
 * @param capacityBytes how much the channel can hold
 */
public record ChannelStatus(
        Endpoint endpoint, boolean connected, List<Peer> peers, long messages, long backlogBytes, long capacityBytes) {
    /** Which end of a channel. */
    public enum Role {
        /** It sends. */
        SENDER,
        /** It receives. */
        RECEIVER
    }

    /**
     * Who holds a place in a channel.
     *
     * @param role which end
     * @param pid the process, as seen from its own process namespace
     * @param name what it calls itself
     * @param alive whether it lives; false until somebody clears up after it
     * @param lagBytes for a receiver how much it has still to receive, for a sender 0
     */
    public record Peer(Role role, long pid, String name, boolean alive, long lagBytes) {
        /** As {@code receiver 'risk' pid 4711, lag 61440 B}. */
        @Override
        public String toString() {
            return role.name().toLowerCase(Locale.ROOT) + " '" + name + "' pid " + pid
                    + (alive ? "" : " (dead)")
                    + (role == Role.RECEIVER ? ", lag " + lagBytes + " B" : "");
        }
    }

    /** Copies the list. */
    public ChannelStatus {
        peers = List.copyOf(peers);
    }

    /**
     * Who keeps the channel from being empty: the receiver that is furthest behind.
     *
     * @return the receiver, or nothing where none lags or none is known
     */
    public Optional<Peer> slowest() {
        return peers.stream()
                .filter(peer -> peer.role() == Role.RECEIVER && peer.lagBytes() > 0)
                .max(java.util.Comparator.comparingLong(Peer::lagBytes));
    }
}
