package org.processmanager.core.internal.stream;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the bytes of an output stream. {@link #accept}, {@link #take} and {@link #end} are not thread-safe.
 */
public interface Sink {
    /**
     * Consumes all remaining bytes; copies what it keeps.
     *
     * @return false if the source should pause until the sink is writable again; it may continue all the same
     */
    boolean accept(ByteBuffer bytes);

    /** Returns whether {@link #take} is preferred to {@link #accept} for that many bytes. */
    default boolean wantsBuffer(int bytes) {
        return false;
    }

    /**
     * Consumes all remaining bytes and becomes the owner of the buffer, which it releases to
     * {@link org.processmanager.core.internal.reactor.Buffers}. Only if {@link #wantsBuffer}.
     *
     * @return as {@link #accept}
     */
    default boolean take(ByteBuffer buffer) {
        throw new UnsupportedOperationException("copies what it keeps");
    }

    /**
     * Sets the action that resumes a paused source or ends a broken one, run by any thread. Called once, before the first bytes.
     */
    void onWritable(Runnable resume);

    /** Returns whether a paused source may continue. */
    boolean isWritable();

    /** The process has exited: what it wrote before should be accepted without a pause. For any thread. */
    default void exited() {}

    /**
     * Ends the stream.
     *
     * @param delivered run once, possibly by another thread, when everything has reached its destination
     */
    void end(Runnable delivered);

    /** Discards what is not delivered yet and closes what the sink opened. Thread-safe. */
    default void abandon() {}

    /** Discards what was kept and all further bytes, because consuming some failed with {@code why}. */
    void fail(Throwable why);

    /** Returns whether further bytes would all be discarded because consuming some failed. For any thread. */
    boolean isBroken();

    /** Returns what was kept; empty for sinks that keep nothing. Called after the end. */
    Captured captured();

    /** Returns what is kept of the output so far, or its last part, from the beginning of a line. */
    byte[] retained();

    /** Returns the stream from which the caller reads the output; null for sinks that deliver it in another way. */
    default @Nullable InputStream stream() {
        return null;
    }
}
