package org.processmanager.core.internal.stream;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of one output stream. One thread at a time calls {@link #accept}, {@link #take} and {@link #end}. */
public interface Sink {
    /**
     * Takes all remaining bytes, copying what it keeps.
     *
     * @return false if the source should pause until it is told to resume; it may go on all the same
     */
    boolean accept(ByteBuffer bytes);

    /** Whether it would rather have the buffer itself than a copy of so many bytes, by {@link #take}. */
    default boolean wantsBuffer(int bytes) {
        return false;
    }

    /**
     * Takes a buffer with all remaining bytes, to be released to {@link org.processmanager.core.internal.reactor.Buffers}
     * when they were used; for those that want it.
     *
     * @return as {@link #accept}
     */
    default boolean take(ByteBuffer buffer) {
        throw new UnsupportedOperationException("copies what it keeps");
    }

    /** Runs an action, by any thread, when a paused source may go on. Called once, before any bytes come. */
    default void onRoom(Runnable resume) {}

    /** Whether a paused source may go on. */
    default boolean hasRoom() {
        return true;
    }

    /** The process has exited: what it wrote before should be accepted without a pause. For any thread. */
    default void exited() {}

    /**
     * No more bytes come.
     *
     * @param delivered run once, perhaps by another thread, when everything has reached its destination
     */
    void end(Runnable delivered);

    /** Drops what was not delivered yet and lets go of what it opened, from any thread; it is not waited for any more. */
    default void abandon() {}

    /** Takes no more and lets go of what it kept: this was thrown while it took some. */
    void fail(Throwable why);

    /** Returns what was kept; empty for sinks that keep nothing. Called after the end. */
    Captured captured();

    /** Returns what is kept of the output so far, or its last part, from the beginning of a line. */
    byte[] retained();

    /** Returns the stream from which the caller reads the output; null for sinks that deliver it in another way. */
    default @Nullable InputStream stream() {
        return null;
    }
}
