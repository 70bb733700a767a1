package org.processmanager.ipc.internal.broadcast;

import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.CountOption;
import org.processmanager.ipc.internal.EndOption;
import org.processmanager.ipc.internal.SizeOption;

/**
 * The options of a broadcast endpoint, checked.
 *
 * @param capacity of the lane, a power of two; 0 if it is not given
 * @param receivers how many receivers there can be; 0 if it is not given
 * @param policy of the receiver, as in {@link ReceiverLayout}
 * @param longestLag of the receiver, if it can be evicted
 */
record BroadcastOptions(int capacity, int receivers, int policy, long longestLag) {
    private static final String CAPACITY = "capacity";
    private static final String RECEIVERS = "receivers";
    private static final String POLICY = "policy";
    private static final String LAG = "lag";

    private static final int DEFAULT_CAPACITY = 64 << 10;
    private static final int DEFAULT_RECEIVERS = 8;

    /**
     * Checks and returns the options of an endpoint.
     *
     * @param mode the name of the option that selects the form of the channel
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static BroadcastOptions of(Endpoint endpoint, String mode) {
        endpoint.requireKnownOptions(mode, CAPACITY, RECEIVERS, POLICY, LAG, EndOption.KEY);
        EndOption.waitsForSenders(endpoint);
        int policy = policy(endpoint);
        boolean hasLag = endpoint.options().containsKey(LAG);
        if (hasLag && policy != ReceiverLayout.EVICT) {
            throw new IllegalArgumentException(
                    "option " + LAG + " of " + endpoint + ": it needs the option " + POLICY + "=evict");
        }
        return new BroadcastOptions(
                capacity(endpoint),
                receivers(endpoint),
                policy,
                hasLag
                        ? SizeOption.bytes(endpoint, LAG, 1, BroadcastLayout.MAX_CAPACITY)
                        : BroadcastLayout.MAX_CAPACITY);
    }

    private static int policy(Endpoint endpoint) {
        String policy = endpoint.options().getOrDefault(POLICY, "block");
        return switch (policy) {
            case "block" -> ReceiverLayout.BLOCK;
            case "dropOldest" -> ReceiverLayout.DROP_OLDEST;
            case "evict" -> ReceiverLayout.EVICT;
            default ->
                throw new IllegalArgumentException("option " + POLICY + " of " + endpoint + ": " + policy
                        + " (expected: block, dropOldest or evict)");
        };
    }

    private static int capacity(Endpoint endpoint) {
        int bytes = SizeOption.bytes(endpoint, CAPACITY, BroadcastLayout.MIN_CAPACITY, BroadcastLayout.MAX_CAPACITY);
        return bytes == 0 ? 0 : Integer.highestOneBit(bytes - 1) << 1;
    }

    private static int receivers(Endpoint endpoint) {
        return CountOption.of(endpoint, RECEIVERS, BroadcastLayout.MAX_RECEIVERS);
    }

    int capacityOrDefault() {
        return capacity == 0 ? DEFAULT_CAPACITY : capacity;
    }

    int receiversOrDefault() {
        return receivers == 0 ? DEFAULT_RECEIVERS : receivers;
    }

    /** Rejects a channel that has another capacity than the given one. */
    void checkCapacity(Endpoint endpoint, int found) {
        if (capacity != 0 && capacity != found) {
            throw otherThanGiven(endpoint, CAPACITY, found);
        }
    }

    /** Rejects a channel that has another number of receivers than the given one. */
    void checkReceivers(Endpoint endpoint, int found) {
        if (receivers != 0 && receivers != found) {
            throw otherThanGiven(endpoint, RECEIVERS, found);
        }
    }

    private static ChannelException otherThanGiven(Endpoint endpoint, String key, int found) {
        return new ChannelException("cannot open " + endpoint + ": it has " + key + "=" + found
                + "; omit the option, or choose another name");
    }
}
