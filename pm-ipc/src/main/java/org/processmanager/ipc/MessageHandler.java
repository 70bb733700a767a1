package org.processmanager.ipc;

import java.nio.ByteBuffer;

/** What a receiver does with a message, without an object per message. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Called with one message, in the thread that polls.
     *
     * <p>The bytes lie between {@code offset} and {@code offset + length} of a read-only buffer in big-endian order that
     * may hold other things around them. They are valid until this method returns: who needs them longer copies them.
     * The same buffer object comes again and again; its position, limit and order are the handler's to change during the
     * call.
     *
     * <p>What it throws goes to whoever polls; see {@link Delivery} for the message then. It may close the receiver; it may
     * not poll it.
     *
     * @param buffer where the message lies
     * @param offset index of its first byte
     * @param length how many bytes it has, 0 or more
     */
    void onMessage(ByteBuffer buffer, int offset, int length);
}
