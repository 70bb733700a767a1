package org.processmanager.core.internal.stream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The consumer behind a {@link ConsumerSink}. Calls are serialized and may block. */
interface Receiver extends Closeable {
    /** Consumes all remaining bytes; the buffer is reused after the call. */
    void accept(ByteBuffer bytes) throws IOException;

    /** Called when no further bytes are queued. */
    default void idle() throws IOException {}

    /** Returns whether bytes are held that are only consumed with further ones or at the end of the stream. */
    default boolean hasPartialInput() {
        return false;
    }

    /** Ends the stream. */
    default void end() throws IOException {}

    /** Closes what was opened for it. Thread-safe, also during other calls. */
    @Override
    default void close() throws IOException {}
}
