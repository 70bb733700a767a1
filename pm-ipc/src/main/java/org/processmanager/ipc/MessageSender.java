package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of a channel. Messages are byte sequences of 0 to {@link #maxMessageBytes()} bytes; each arrives as a
 * whole or not at all, and those of one sender in their order.
 *
 * <p>The verbs: {@code send} waits until there is room, {@code offer} never waits. Where the channel cannot keep a message
 * until somebody receives, {@code send} waits for a receiver too. But a sender whose receiver goes away is told so, once: the
 * send that finds no room and the receiver closed or dead, also if it was already waiting, returns
 * {@link SendStatus#NOT_CONNECTED}, within a second of the death; the next one waits for another receiver.
 *
 * <p><b>Threads.</b> A sender is used by one thread at a time; who passes it on sees to it that the threads meet (a queue,
 * a lock). Use by two at once is refused where it is noticed. {@link #close()} and {@link #status()} may be called by any
 * thread: a closed sender's operations, waiting ones too, end with {@link IllegalStateException}. A virtual thread that
 * waits does not hold its carrier.
 *
 * <p>The sender does not outlive its process; whether messages that were sent do is the transport's business.
 */
public interface MessageSender extends AutoCloseable {
    /**
     * Sends a message, waiting as long as it takes.
     *
     * @param message the bytes between its position and limit, which are not changed
     * @return {@link SendStatus#SENT}, or {@link SendStatus#NOT_CONNECTED} or {@link SendStatus#CLOSED} if the message was
     *     not sent because its receiver went away; never {@link SendStatus#FULL}
     * @throws InterruptedException if interrupted before or while waiting; the message is not sent then
     * @throws IllegalArgumentException if the message is longer than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed
     * @throws ChannelException if the channel is damaged
     */
    SendStatus send(ByteBuffer message) throws InterruptedException;

    /**
     * Sends a message, waiting a bounded time.
     *
     * @param message the bytes between its position and limit, which are not changed
     * @param timeout how long to wait at most; zero or less tries once
     * @return {@link SendStatus#SENT}, or why not: at the end of the time {@link SendStatus#FULL} if there still was no
     *     room, {@link SendStatus#NOT_CONNECTED} if there still was no receiver
     * @throws InterruptedException if interrupted before or while waiting; the message is not sent then
     * @throws IllegalArgumentException if the message is longer than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed
     * @throws ChannelException if the channel is damaged
     */
    SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException;

    /**
     * Sends a message if that needs no waiting.
     *
     * @param message the bytes between its position and limit, which are not changed
     * @return {@link SendStatus#SENT}, or why not
     * @throws IllegalArgumentException if the message is longer than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed
     * @throws ChannelException if the channel is damaged
     */
    SendStatus offer(ByteBuffer message);

    /**
     * Sends all bytes of an array; as {@link #send(ByteBuffer)}.
     *
     * @param message the message
     * @return as {@link #send(ByteBuffer)}
     * @throws InterruptedException if interrupted before or while waiting; the message is not sent then
     */
    default SendStatus send(byte[] message) throws InterruptedException {
        return send(ByteBuffer.wrap(Objects.requireNonNull(message, "message")));
    }

    /**
     * Sends all bytes of an array; as {@link #send(ByteBuffer, Duration)}.
     *
     * @param message the message
     * @param timeout how long to wait at most
     * @return as {@link #send(ByteBuffer, Duration)}
     * @throws InterruptedException if interrupted before or while waiting; the message is not sent then
     */
    default SendStatus send(byte[] message, Duration timeout) throws InterruptedException {
        return send(ByteBuffer.wrap(Objects.requireNonNull(message, "message")), timeout);
    }

    /**
     * Sends all bytes of an array; as {@link #offer(ByteBuffer)}.
     *
     * @param message the message
     * @return as {@link #offer(ByteBuffer)}
     */
    default SendStatus offer(byte[] message) {
        return offer(ByteBuffer.wrap(Objects.requireNonNull(message, "message")));
    }

    /**
     * Sends an object; as {@link #send(ByteBuffer)}.
     *
     * @param <T> the type of the object
     * @param value what to send
     * @param codec how it becomes bytes
     * @return as {@link #send(ByteBuffer)}
     * @throws InterruptedException if interrupted before or while waiting; the message is not sent then
     */
    default <T> SendStatus send(T value, Codec<T> codec) throws InterruptedException {
        return send(Objects.requireNonNull(codec, "codec").encode(Objects.requireNonNull(value, "value")));
    }

    /**
     * Sends an object; as {@link #offer(ByteBuffer)}.
     *
     * @param <T> the type of the object
     * @param value what to send
     * @param codec how it becomes bytes
     * @return as {@link #offer(ByteBuffer)}
     */
    default <T> SendStatus offer(T value, Codec<T> codec) {
        return offer(Objects.requireNonNull(codec, "codec").encode(Objects.requireNonNull(value, "value")));
    }

    /**
     * Takes room for a message, to be written in place, waiting for it as {@link #send(ByteBuffer)} does.
     *
     * @param length the message's length in bytes
     * @return the room; to be committed or closed before anything else is sent
     * @throws InterruptedException if interrupted before or while waiting
     * @throws NotConnectedException if the receiver went away while this waited for room
     * @throws IllegalArgumentException if the length is negative or more than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws UnsupportedOperationException if the transport has no memory to write in: use {@code send}
     */
    default Claim claim(int length) throws InterruptedException {
        throw noClaims();
    }

    /**
     * Takes room for a message, to be written in place, if that needs no waiting.
     *
     * @param length the message's length in bytes
     * @return the room, to be committed or closed before anything else is sent; null if there is none
     * @throws IllegalArgumentException if the length is negative or more than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws UnsupportedOperationException if the transport has no memory to write in: use {@code offer}
     */
    default @Nullable Claim tryClaim(int length) {
        throw noClaims();
    }

    /**
     * Begins a batch: many messages, published together where the transport can, one by one elsewhere.
     *
     * @return the batch; to be closed before anything else is sent
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     */
    Batch batch();

    /**
     * Lets go of what the sender may hold back. Messages sent by {@code send} and {@code offer} are never held back; what
     * an open batch has so far is published.
     *
     * @throws IllegalStateException if the sender is closed
     */
    void flush();

    /**
     * The longest message that this channel takes.
     *
     * @return its length in bytes
     */
    int maxMessageBytes();

    /**
     * What can be said of the channel at this moment, for people and monitoring.
     *
     * @return a snapshot, possibly stale when it is read
     * @throws IllegalStateException if the sender is closed
     */
    ChannelStatus status();

    /**
     * Leaves the channel. Messages that were sent stay in it. Operations of another thread end with
     * {@link IllegalStateException}; an open claim is given back, an open batch published. Closing again does nothing.
     */
    @Override
    void close();

    private UnsupportedOperationException noClaims() {
        return new UnsupportedOperationException(
                "claim on " + status().endpoint() + ": this transport has no memory to write in; use send or offer");
    }
}
