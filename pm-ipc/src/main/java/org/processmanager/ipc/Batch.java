package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.processmanager.core.CheckReturnValue;

/**
 * Many messages that one commit publishes, which is cheaper for both sides than one by one. Their order is kept. Messages of
 * a batch may be received before the batch is closed: a batch is not a transaction.
 *
 * <p>A sender has at most one open batch, and sends nothing by other means while it is open. If the process dies, messages
 * that were published remain. A pipe, a FIFO or a socket takes as many small messages at once as fit in 4096 bytes, with 32 for
 * each, and these are published when the next one does not fit. Not thread-safe, as the sender.
 */
public interface Batch extends AutoCloseable {
    /**
     * Adds a message without waiting. If the channel is full, the messages added before are published, so that the receiver
     * can make room.
     *
     * @param message the bytes between position and limit, which are not changed
     * @return {@link SendStatus#SENT} if the message was added, or why not
     * @throws IllegalArgumentException if the message is longer than the channel accepts, or accepts without waiting, as for
     *     {@link MessageSender#offer(ByteBuffer)}
     * @throws IllegalStateException if the batch or its sender is closed
     */
    @CheckReturnValue
    SendStatus offer(ByteBuffer message);

    /**
     * Adds all bytes of an array; as {@link #offer(ByteBuffer)}.
     *
     * @param message the message
     * @return {@link SendStatus#SENT} if the message was added, or why not
     */
    @CheckReturnValue
    default SendStatus offer(byte[] message) {
        return offer(ByteBuffer.wrap(Objects.requireNonNull(message, "message")));
    }

    /**
     * Adds a message; blocks while the channel is full, as {@link MessageSender#send(ByteBuffer)} does. The messages added
     * before are published first in that case.
     *
     * @param message the bytes between position and limit, which are not changed
     * @throws NotConnectedException if the receiver closed or died while this waited; the message was not added
     * @throws ChannelClosedException if the channel was deleted; the message was not added
     * @throws InterruptedException if interrupted before or while waiting; the message was not added
     * @throws IllegalArgumentException if the message is longer than the channel accepts
     * @throws IllegalStateException if the batch or its sender is closed
     */
    void send(ByteBuffer message) throws InterruptedException;

    /**
     * Adds all bytes of an array; as {@link #send(ByteBuffer)}.
     *
     * @param message the message
     * @throws InterruptedException if interrupted before or while waiting; the message was not added
     */
    default void send(byte[] message) throws InterruptedException {
        send(ByteBuffer.wrap(Objects.requireNonNull(message, "message")));
    }

    /**
     * Publishes the messages added so far. The batch stays open. Blocks only on a pipe, a FIFO or a socket that other senders
     * have filled since the first of these messages was added; an interrupt does not end that wait, and the interrupt status is
     * preserved.
     *
     * @throws NotConnectedException if the channel is a pipe, a FIFO or a socket without a receiver; the messages stay in the
     *     batch, and the next commit tries again
     * @throws IllegalStateException if the batch or its sender is closed
     */
    void commit();

    /**
     * Publishes the messages added so far, as {@link #commit}, and ends the batch. Idempotent.
     *
     * @throws NotConnectedException as {@link #commit}; the messages are discarded, and the exception names their
     *     number
     */
    @Override
    void close();
}
