package org.processmanager.ipc.internal.queue;

import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.EndOption;
import org.processmanager.ipc.internal.SizeOption;

/**
 * The options of a queue endpoint, checked.
 *
 * @param capacity room for messages of the greatest length, in bytes; 0 if it is not given
 * @param max the longest message; 0 if it is not given
 */
record QueueOptions(int capacity, int max) {
    private static final String CAPACITY = "capacity";
    private static final String MAX = "max";

    private static final int DEFAULT_CAPACITY = 256 << 10;
    private static final int DEFAULT_MAX = 4 << 10;
    private static final int LEAST_CAPACITY = 4 << 10;
    private static final int MOST = 1 << 30;

    /**
     * Checks and returns the options of an endpoint.
     *
     * @param mode the name of the option that selects the form of the channel
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static QueueOptions of(Endpoint endpoint, String mode) {
        endpoint.requireKnownOptions(mode, CAPACITY, MAX, EndOption.KEY);
        EndOption.waitsForSenders(endpoint);
        int max = SizeOption.bytes(endpoint, MAX, 1, MOST);
        QueueOptions options = new QueueOptions(SizeOption.bytes(endpoint, CAPACITY, LEAST_CAPACITY, MOST), max);
        if (options.maxOrDefault() > options.capacityOrDefault()) {
            throw new IllegalArgumentException("option " + CAPACITY + " of " + endpoint + ": "
                    + options.capacityOrDefault() + " (expected: at least " + options.maxOrDefault()
                    + ", the longest message, or a smaller " + MAX + ")");
        }
        return options;
    }

    int capacityOrDefault() {
        return capacity == 0 ? DEFAULT_CAPACITY : capacity;
    }

    int maxOrDefault() {
        return max == 0 ? DEFAULT_MAX : max;
    }

    /** Returns how many messages of the greatest length the queue has room for. */
    int messages() {
        return capacityOrDefault() / maxOrDefault();
    }

    /** Rejects a queue that has other numbers than the given ones. */
    void check(Endpoint endpoint, int foundMessages, int foundMax) {
        if (max != 0 && max != foundMax) {
            throw new ChannelException("cannot open " + endpoint + ": it has " + MAX + "=" + foundMax
                    + "; omit the option, or choose another name");
        }
        if (capacity != 0 && capacity / foundMax != foundMessages) {
            throw new ChannelException("cannot open " + endpoint + ": it has room for " + foundMessages
                    + " messages of " + foundMax + " B; omit the option " + CAPACITY + ", or choose another name");
        }
    }
}
