package org.processmanager.ipc.internal;

import org.processmanager.ipc.Endpoint;

/** The option {@code end}: when a channel is closed for a receiver. */
public final class EndOption {
    /** The name of the option. */
    public static final String KEY = "end";

    /** When the senders are gone; the default. */
    private static final String WHEN_SENDERS_GONE = "whenSendersGone";

    /** Only when the channel was deleted. */
    private static final String NEVER = "never";

    private EndOption() {}

    /**
     * Returns whether a receiver waits for the next sender when all are gone.
     *
     * @throws IllegalArgumentException if the option has another value
     */
    public static boolean waitsForSenders(Endpoint endpoint) {
        String value = endpoint.options().getOrDefault(KEY, WHEN_SENDERS_GONE);
        if (!value.equals(WHEN_SENDERS_GONE) && !value.equals(NEVER)) {
            throw new IllegalArgumentException("option " + KEY + " of " + endpoint + ": " + value + " (expected: "
                    + WHEN_SENDERS_GONE + " or " + NEVER + ")");
        }
        return value.equals(NEVER);
    }
}
