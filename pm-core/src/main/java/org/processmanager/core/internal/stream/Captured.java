package org.processmanager.core.internal.stream;

import org.jspecify.annotations.Nullable;

/**
 * What a sink kept.
 *
 * @param bytes the bytes
 * @param truncated whether there were more
 * @param overBound whether there were more than the caller said there would be, which he did not ask to be cut
 * @param failure what a consumer threw, or null
 */
public record Captured(
        byte[] bytes,
        boolean truncated,
        boolean overBound,
        @Nullable Throwable failure) {
    /** Nothing kept, nothing lost. */
    public static final Captured NOTHING = new Captured(new byte[0], false, false, null);
}
