package org.processmanager.ipc.internal;

import org.processmanager.ipc.Endpoint;

/** Options of endpoints that are numbers of something. */
public final class CountOption {
    private CountOption() {}

    /**
     * Returns the number, or 0 if the option is not given.
     *
     * @throws IllegalArgumentException if the option is no number from 1 to {@code most}
     */
    public static int of(Endpoint endpoint, String key, int most) {
        String text = endpoint.options().get(key);
        if (text == null) {
            return 0;
        }
        if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "option " + key + " of " + endpoint + ": " + text + " (expected: 1 to " + most + ")");
        }
        return Integer.parseInt(text);
    }
}
