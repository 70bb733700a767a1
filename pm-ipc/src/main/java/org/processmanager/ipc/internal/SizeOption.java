package org.processmanager.ipc.internal;

import org.processmanager.ipc.Endpoint;

/** Options of endpoints that are sizes within a range. */
public final class SizeOption {
    private SizeOption() {}

    /**
     * Returns the size in bytes, or 0 if the option is not given.
     *
     * @throws IllegalArgumentException if the option is out of range, or is no size
     */
    public static int bytes(Endpoint endpoint, String key, int least, int most) {
        if (!endpoint.options().containsKey(key)) {
            return 0;
        }
        long bytes = endpoint.bytes(key, 0);
        if (bytes < least || bytes > most) {
            throw new IllegalArgumentException(
                    "option " + key + " of " + endpoint + ": " + bytes + " (expected: " + least + " to " + most + ")");
        }
        return (int) bytes;
    }
}
