package org.processmanager.ipc;

import java.nio.ByteBuffer;

/**
 * Room for one message in the channel itself, to be written in place. Nobody receives anything of it before
 * {@link #commit()}; closed without a commit it was never there.
 *
 * <p>A sender has at most one open claim, and sends nothing else while it is open. A process that dies with an open claim
 * leaves nothing of it behind.
 */
public interface Claim extends AutoCloseable {
    /**
     * Where to write the message.
     *
     * @return a buffer of exactly the claimed length, in big-endian order, with whatever bytes were there before; writing
     *     to it after {@link #commit()} or {@link #close()} is a mistake that may damage later messages
     * @throws IllegalStateException if the claim was committed or closed
     */
    ByteBuffer buffer();

    /**
     * Sends the message. Every byte of the claimed length is sent, written or not.
     *
     * @throws IllegalStateException if the claim was committed or closed before, or the sender is closed; nothing is sent
     *     by this call then
     */
    void commit();

    /** Gives the room back unless the message was committed. Closing again does nothing. */
    @Override
    void close();
}
