package org.processmanager.ipc.internal.stream;

import org.processmanager.ipc.Endpoint;

/** The option {@code max}: the longest message. */
public final class MaxOption {
    /** The name of the option. */
    public static final String KEY = "max";

    /** The length if the option is not given. */
    public static final int DEFAULT_BYTES = 16 << 20;
    /** The fragments of four senders, which are buffered at once, must fit into an array. */
    private static final int LARGEST_BYTES = 256 << 20;

    private MaxOption() {}

    /**
     * Returns the length in bytes.
     *
     * @throws IllegalArgumentException if the option is too large, or is no size
     */
    public static int bytes(Endpoint endpoint) {
        long max = endpoint.bytes(KEY, DEFAULT_BYTES);
        if (max > LARGEST_BYTES) {
            throw new IllegalArgumentException(
                    "option max of " + endpoint + ": " + max + " (expected: at most " + LARGEST_BYTES + ")");
        }
        return (int) max;
    }
}
