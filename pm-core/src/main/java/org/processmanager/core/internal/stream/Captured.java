package org.processmanager.core.internal.stream;

import org.jspecify.annotations.Nullable;

/**
 * What a sink kept.
 *
 * @param bytes the bytes
 * @param last the last bytes that came, for people: of what went elsewhere a few, else the same as {@code bytes}
 * @param truncated whether there were more
 * @param overBound whether there were more than the caller said there would be, which he did not ask to be cut
 * @param undelivered whether a consumer had not taken everything when it was not waited for any more
 * @param failure what a consumer threw, or null
 */
public record Captured(
        byte[] bytes,
        byte[] last,
        boolean truncated,
        boolean overBound,
        boolean undelivered,
        @Nullable Throwable failure) {
    private static final byte[] NO_BYTES = {};

    /** Nothing kept, nothing lost. */
    public static final Captured NOTHING = kept(NO_BYTES, false, false);

    /** What one that keeps bytes has in the end. */
    static Captured kept(byte[] bytes, boolean truncated, boolean overBound) {
        return new Captured(bytes, bytes, truncated, overBound, false, null);
    }

    /** What went to a consumer. */
    static Captured passed(byte[] last, boolean truncated, boolean undelivered, @Nullable Throwable failure) {
        return new Captured(NO_BYTES, last, truncated, false, undelivered, failure);
    }

    /** Nothing kept, because keeping it failed. */
    public static Captured lost(Throwable failure) {
        return new Captured(NO_BYTES, NO_BYTES, true, false, false, failure);
    }

    /** Of two destinations of one stream: what either kept, and all that went wrong. */
    Captured and(Captured other) {
        return new Captured(
                bytes.length > 0 ? bytes : other.bytes,
                last.length >= other.last.length ? last : other.last,
                truncated || other.truncated,
                overBound || other.overBound,
                undelivered || other.undelivered,
                failure != null ? failure : other.failure);
    }
}
