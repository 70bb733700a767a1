package org.processmanager.ipc;

import java.nio.ByteBuffer;

/**
 * Room for one message in the channel itself, to be written in place. The receiver sees nothing of it before
 * {@link #commit()}; closing it without a commit discards it.
 *
 * <p>A sender has at most one open claim, and sends nothing else while it is open. If the process dies, an open claim is
 * discarded. Not thread-safe, as the sender.
 */
public interface Claim extends AutoCloseable {
    /**
     * Returns the buffer to write the message to.
     *
     * @return a buffer of exactly the claimed length, in big-endian order, with undefined content; writing to it after
     *     {@link #commit()} or {@link #close()} may damage later messages
     * @throws IllegalStateException if the claim was committed or closed
     */
    ByteBuffer buffer();

    /**
     * Sends the message. Every byte of the claimed length is sent, written or not.
     *
     * @throws ChannelClosedException if the channel was deleted; nothing is sent
     * @throws IllegalStateException if the claim was committed or closed before, or the sender is closed; nothing is sent
     */
    void commit();

    /** Discards the claim unless it was committed. Idempotent. */
    @Override
    void close();
}
