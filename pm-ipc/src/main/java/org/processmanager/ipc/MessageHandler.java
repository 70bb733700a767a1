package org.processmanager.ipc;

import java.nio.ByteBuffer;

/** Handles received messages, without an object per message. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles one message, in the thread that polls.
     *
     * <p>The message is the bytes from {@code offset} to {@code offset + length} of a read-only buffer in big-endian order,
     * which may hold other content around them. They are valid until this method returns; copy what is needed longer. The
     * same buffer object is reused for all messages; the handler may change its position, limit and order during the call.
     *
     * <p>An exception propagates to the caller of the receiver; {@link Delivery} defines what happens to the message. The
     * handler may close the receiver but must not receive from it.
     *
     * @param buffer holds the message
     * @param offset index of its first byte
     * @param length number of bytes, 0 or more
     */
    void onMessage(ByteBuffer buffer, int offset, int length);
}
