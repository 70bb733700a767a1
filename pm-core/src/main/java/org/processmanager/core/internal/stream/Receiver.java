package org.processmanager.core.internal.stream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a {@link ConsumerSink} gives bytes to, one call after another, each by a thread that may block. */
interface Receiver extends Closeable {
    /** Uses all remaining bytes, which are another's after the call. */
    void accept(ByteBuffer bytes) throws IOException;

    /** Nothing more waits at the moment. */
    default void idle() throws IOException {}

    /** Whether it keeps bytes back that it will only use with more of them, or at the end. */
    default boolean keepsBack() {
        return false;
    }

    /** No more bytes come. */
    default void end() throws IOException {}

    /** Closes what was opened for it; from any thread, also while another is inside. */
    @Override
    default void close() throws IOException {}
}
