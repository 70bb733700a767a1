package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;

/** The reading end of a stream of bytes. Never blocks. */
public interface ByteSource {
    /** No bytes are available now, and a sender may write some. */
    int EMPTY = -1;
    /** No bytes are available, and all senders have closed the stream. */
    int HUNG_UP = -2;
    /** No bytes are available, and no sender has opened the stream yet. */
    int NO_SENDER_YET = -3;

    /**
     * Reads bytes.
     *
     * @param into a direct buffer, the same at each call; its position and limit may be changed
     * @param at index of the first byte in the buffer
     * @param length the maximum number of bytes
     * @return the number of bytes, or {@link #EMPTY}, {@link #HUNG_UP} or {@link #NO_SENDER_YET}
     * @throws org.processmanager.ipc.ChannelException if the system refuses
     */
    int read(ByteBuffer into, int at, int length);
}
