package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.event.EventListener;
import org.processmanager.ipc.internal.report.ReportingSender;

/**
 * The sending end of a channel. A message is a sequence of 0 to {@link #maxMessageBytes()} bytes. Each arrives as a whole or
 * not at all; the messages of one sender arrive in order.
 *
 * <p><b>Outcome.</b> {@code send(message)} blocks until the channel has accepted the message; if it was not accepted and will
 * not be, it throws {@link NotConnectedException} or {@link ChannelClosedException}. The operations that may give up,
 * {@code offer(message)} (never blocks) and {@code send(message, timeout)} (blocks at most the timeout), return a
 * {@link SendStatus}: unless it is {@link SendStatus#SENT}, the message was not sent and the caller still has it.
 *
 * <p><b>Receivers that leave.</b> Without a receiver {@code send} blocks: at once where the transport keeps nothing, else when
 * the channel is full. A receiver that closes or dies is reported once: a {@code send} that finds no room and the receiver
 * gone fails within a second of the death, also if it was already blocked. The next {@code send} waits for another receiver.
 * With several receivers that is so when the last one is gone. A broadcast is never in that state: it drops messages that no
 * receiver is to get, and a receiver that closes or dies holds it up no longer.
 *
 * <p><b>Threads.</b> Not thread-safe. Handing a sender to another thread requires a happens-before relationship, such as a lock
 * or a concurrent queue. Concurrent use throws {@link IllegalStateException} on a best-effort basis. {@link #close()} and
 * {@link #snapshot()} may be called by any thread: the operations of a closed sender, including blocked ones, throw
 * {@link IllegalStateException}. A virtual thread that blocks here releases its carrier.
 *
 * <p>The exit of a process closes its senders; whether messages that were sent remain is defined by the transport.
 */
public interface MessageSender extends AutoCloseable {
    /**
     * Sends a message; blocks until the channel has accepted it.
     *
     * @param message the bytes between position and limit, which are not changed
     * @throws NotConnectedException if the receiver closed or died before the message was accepted; the message was not
     *     sent, and sending it again waits for the next receiver
     * @throws ChannelClosedException if the channel was deleted; the message was not sent
     * @throws InterruptedException if interrupted before or while waiting; the message was not sent
     * @throws IllegalArgumentException if the message is longer than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws ChannelException if the channel is damaged
     */
    void send(ByteBuffer message) throws InterruptedException;

    /**
     * Sends a message; blocks at most the timeout.
     *
     * @param message the bytes between position and limit, which are not changed
     * @param timeout how long to wait; zero or less tries once
     * @return {@link SendStatus#SENT}; {@link SendStatus#FULL} if there was no room in time;
     *     {@link SendStatus#NOT_CONNECTED} if there was no receiver in time, or the receiver left while this waited;
     *     {@link SendStatus#CLOSED} if the channel was deleted
     * @throws InterruptedException if interrupted before or while waiting; the message was not sent
     * @throws IllegalArgumentException if the message is longer than {@link #maxMessageBytes()}
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws ChannelException if the channel is damaged
     */
    @CheckReturnValue
    SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException;

    /**
     * Sends a message if that is possible without waiting.
     *
     * @param message the bytes between position and limit, which are not changed
     * @return {@link SendStatus#SENT}, or why the message was not sent
     * @throws IllegalArgumentException if the message is longer than {@link #maxMessageBytes()}, or too long to be sent without
     *     waiting: if the pipe, the socket or the lane of a mapped channel could not hold it even when empty
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws ChannelException if the channel is damaged
     */
    @CheckReturnValue
    SendStatus offer(ByteBuffer message);

    /**
     * Sends all bytes of an array; as {@link #send(ByteBuffer)}.
     *
     * @param message the message
     * @throws InterruptedException if interrupted before or while waiting; the message was not sent
     */
    default void send(byte[] message) throws InterruptedException {
        send(ByteBuffer.wrap(Objects.requireNonNull(message, "message")));
    }

    /**
     * Sends all bytes of an array; as {@link #send(ByteBuffer, Duration)}.
     *
     * @param message the message
     * @param timeout how long to wait
     * @return as {@link #send(ByteBuffer, Duration)}
     * @throws InterruptedException if interrupted before or while waiting; the message was not sent
     */
    @CheckReturnValue
    default SendStatus send(byte[] message, Duration timeout) throws InterruptedException {
        return send(ByteBuffer.wrap(Objects.requireNonNull(message, "message")), timeout);
    }

    /**
     * Sends all bytes of an array; as {@link #offer(ByteBuffer)}.
     *
     * @param message the message
     * @return as {@link #offer(ByteBuffer)}
     */
    @CheckReturnValue
    default SendStatus offer(byte[] message) {
        return offer(ByteBuffer.wrap(Objects.requireNonNull(message, "message")));
    }

    /**
     * Sends an object; as {@link #send(ByteBuffer)}.
     *
     * @param <T> the type of the object
     * @param value the object
     * @param codec encodes the object
     * @throws InterruptedException if interrupted before or while waiting; the message was not sent
     */
    default <T> void send(T value, Codec<T> codec) throws InterruptedException {
        send(Objects.requireNonNull(codec, "codec").encode(Objects.requireNonNull(value, "value")));
    }

    /**
     * Sends an object; as {@link #send(ByteBuffer, Duration)}.
     *
     * @param <T> the type of the object
     * @param value the object
     * @param codec encodes the object
     * @param timeout how long to wait
     * @return as {@link #send(ByteBuffer, Duration)}
     * @throws InterruptedException if interrupted before or while waiting; the message was not sent
     */
    @CheckReturnValue
    default <T> SendStatus send(T value, Codec<T> codec, Duration timeout) throws InterruptedException {
        return send(Objects.requireNonNull(codec, "codec").encode(Objects.requireNonNull(value, "value")), timeout);
    }

    /**
     * Sends an object; as {@link #offer(ByteBuffer)}.
     *
     * @param <T> the type of the object
     * @param value the object
     * @param codec encodes the object
     * @return as {@link #offer(ByteBuffer)}
     */
    @CheckReturnValue
    default <T> SendStatus offer(T value, Codec<T> codec) {
        return offer(Objects.requireNonNull(codec, "codec").encode(Objects.requireNonNull(value, "value")));
    }

    /**
     * Claims room for a message, to be written in place; blocks as {@link #send(ByteBuffer)} does.
     *
     * @param length the length of the message in bytes
     * @return the claim, which must be committed or closed before the next message is sent
     * @throws NotConnectedException if the receiver closed or died while this waited for room
     * @throws ChannelClosedException if the channel was deleted
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalArgumentException if the length is negative, more than {@link #maxMessageBytes()}, or more than fits in
     *     one piece: on {@code mapped:} half the capacity less 8 bytes
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws UnsupportedOperationException if the transport cannot write in place: use {@code send}
     */
    default Claim claim(int length) throws InterruptedException {
        throw noClaims();
    }

    /**
     * Claims room for a message, to be written in place, if that is possible without waiting.
     *
     * @param length the length of the message in bytes
     * @return the claim, which must be committed or closed before the next message is sent; null if there is no room or the
     *     channel was deleted
     * @throws IllegalArgumentException if the length is negative, more than {@link #maxMessageBytes()}, or more than fits in
     *     one piece: on {@code mapped:} half the capacity less 8 bytes
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     * @throws UnsupportedOperationException if the transport cannot write in place: use {@code offer}
     */
    default @Nullable Claim tryClaim(int length) {
        throw noClaims();
    }

    /**
     * Starts a batch: many messages that are published together where the transport supports it, else one by one.
     *
     * @return the batch, which must be closed before the next message is sent by other means
     * @throws IllegalStateException if the sender is closed, or has an open claim or batch
     */
    Batch batch();

    /**
     * Publishes what an open batch holds back. Messages sent by {@code send} and {@code offer} are never held back.
     *
     * @throws IllegalStateException if the sender is closed
     */
    void flush();

    /**
     * Returns the length of the longest message that this channel accepts.
     *
     * @return the length in bytes
     */
    int maxMessageBytes();

    /**
     * Returns this sender with events: each message is reported as
     * {@link org.processmanager.core.event.ProcessEvent.MessageSent} when it was sent, one of a batch when it was added. The
     * events are delivered in the calling thread; an exception of the listener is logged.
     *
     * @param listener receives the events
     * @return a sender to be used, and closed, instead of this one
     * @throws IllegalStateException if the sender is closed
     */
    @CheckReturnValue
    default MessageSender reportingTo(EventListener listener) {
        return new ReportingSender(this, Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Returns the state of the channel at this moment.
     *
     * @return the state, possibly stale when it is read
     * @throws IllegalStateException if the sender is closed
     */
    ChannelSnapshot snapshot();

    /**
     * Closes this sender. Messages that were sent remain in the channel. Operations of another thread throw
     * {@link IllegalStateException}; an open claim is discarded, an open batch published. Idempotent.
     */
    @Override
    void close();

    private UnsupportedOperationException noClaims() {
        return new UnsupportedOperationException(
                "claim on " + snapshot().endpoint() + ": this transport cannot write in place; use send or offer");
    }
}
