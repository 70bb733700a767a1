package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;

/** Takes the bytes of one output stream. One thread at a time calls {@link #accept} and {@link #end}. */
public interface Sink {
    /**
     * Takes all remaining bytes, copying what it keeps.
     *
     * @return false if the source should pause until it is told to resume; it may go on all the same
     */
    boolean accept(ByteBuffer bytes);

    /**
     * No more bytes come.
     *
     * @param delivered run once, perhaps by another thread, when everything has reached its destination
     */
    void end(Runnable delivered);

    /** What was kept, for those that keep something; empty otherwise. */
    Captured captured();
}
