package org.processmanager.ipc;

import java.nio.ByteBuffer;

/**
 * Many messages published by one commit, which is cheaper for both sides than one by one. Their order is kept. Messages of
 * a batch may be received before its end: a batch is not a transaction.
 *
 * <p>A sender has at most one open batch, and sends nothing else while it is open. A process that dies in a batch leaves
 * what was published behind.
 */
public interface Batch extends AutoCloseable {
    /**
     * Adds a message without waiting. If the channel is full what was added before is published, so that it can be received
     * and make room.
     *
     * @param message the bytes between its position and limit, which are not changed
     * @return {@link SendStatus#SENT} if it was added, else it is no part of the batch
     * @throws IllegalArgumentException if the message is longer than the channel takes
     * @throws IllegalStateException if the batch or its sender is closed
     */
    SendStatus offer(ByteBuffer message);

    /**
     * Adds a message without waiting; as {@link #offer(ByteBuffer)}.
     *
     * @param message all its bytes
     * @return {@link SendStatus#SENT} if it was added, else it is no part of the batch
     */
    default SendStatus offer(byte[] message) {
        return offer(ByteBuffer.wrap(message));
    }

    /**
     * Adds a message, waiting while the channel is full as {@link MessageSender#send(ByteBuffer)} does; what was added
     * before is published first in this case.
     *
     * @param message the bytes between its position and limit, which are not changed
     * @return {@link SendStatus#SENT} if it was added, else it is no part of the batch
     * @throws InterruptedException if interrupted before or while waiting; the message is no part of the batch then
     * @throws IllegalArgumentException if the message is longer than the channel takes
     * @throws IllegalStateException if the batch or its sender is closed
     */
    SendStatus send(ByteBuffer message) throws InterruptedException;

    /**
     * Publishes what was added so far. The batch goes on.
     *
     * @throws IllegalStateException if the batch or its sender is closed
     */
    void commit();

    /** Publishes what was added and ends the batch. Closing again does nothing. */
    @Override
    void close();
}
