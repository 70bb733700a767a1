package org.processmanager.core.internal.stream;

import org.jspecify.annotations.Nullable;

/**
 * The bytes that a sink kept.
 *
 * @param bytes the bytes
 * @param last the last bytes, for messages: of output passed to a consumer a few, else the same as {@code bytes}
 * @param truncated whether there were more
 * @param limitExceeded whether there were more than a limit that the caller set for errors, not for truncation
 * @param undelivered whether a consumer had not consumed everything when the wait for it ended
 * @param failure what a consumer threw, or null
 */
public record Captured(
        byte[] bytes,
        byte[] last,
        boolean truncated,
        boolean limitExceeded,
        boolean undelivered,
        @Nullable Throwable failure) {
    private static final byte[] NO_BYTES = {};

    /** Nothing kept, nothing lost. */
    public static final Captured NOTHING = kept(NO_BYTES, false, false);

    /** Creates the result of a sink that keeps bytes. */
    static Captured kept(byte[] bytes, boolean truncated, boolean limitExceeded) {
        return new Captured(bytes, bytes, truncated, limitExceeded, false, null);
    }

    /** Creates the result of a sink that passes bytes to a consumer. */
    static Captured passed(byte[] last, boolean truncated, boolean undelivered, @Nullable Throwable failure) {
        return new Captured(NO_BYTES, last, truncated, false, undelivered, failure);
    }

    /** Creates the result of a sink that failed to keep the bytes. */
    public static Captured lost(Throwable failure) {
        return new Captured(NO_BYTES, NO_BYTES, true, false, false, failure);
    }

    /** Merges the results of two destinations of one stream. */
    Captured and(Captured other) {
        return new Captured(
                bytes.length > 0 ? bytes : other.bytes,
                last.length >= other.last.length ? last : other.last,
                truncated || other.truncated,
                limitExceeded || other.limitExceeded,
                undelivered || other.undelivered,
                failure != null ? failure : other.failure);
    }
}
