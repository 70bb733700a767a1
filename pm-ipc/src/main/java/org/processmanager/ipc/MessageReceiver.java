package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a channel.
 *
 * <p>A channel <em>has ended</em> for a receiver when it has delivered everything, and no sender is left, and there was one:
 * a sender was connected while this receiver was open, or left messages that this receiver delivered. So a receiver that is
 * there first waits for its senders. The end is a state of the moment: a sender that comes later is heard by the next call.
 * A channel that was deleted has ended as well. The end by a sender that was killed is seen when the system proves its
 * death: at once by who waits, within some calls by who polls.
 *
 * <p><b>Threads.</b> A receiver is used by one thread at a time; who passes it on sees to it that the threads meet. Use by
 * two at once is refused where it is noticed. {@link #close()} and {@link #status()} may be called by any thread: a closed
 * receiver's operations, waiting ones too, end with {@link IllegalStateException}. A virtual thread that waits does not hold
 * its carrier. A waiting receiver uses no processor time worth speaking of.
 */
public interface MessageReceiver extends AutoCloseable {
    /** What {@link #poll} answers when the channel has ended. */
    int CLOSED = -1;

    /**
     * Hands over the messages that are there, without waiting and without an object per message.
     *
     * @param handler called with each message, in order, in this thread
     * @param limit how many at most, more than 0
     * @return how many were handed over; 0 if none was there; {@link #CLOSED}
     * @throws IllegalStateException if the receiver is closed, or this is a handler's own call
     * @throws ChannelException if the channel is damaged
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Waits for a message.
     *
     * @return a copy of it, or null when the channel has ended
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    byte @Nullable [] receive() throws InterruptedException;

    /**
     * Waits a bounded time for a message and copies it.
     *
     * @param into where to put it, at its position, which then stands behind the message
     * @param timeout how long to wait at most; zero or less looks once
     * @return the message's length, or that none came, or that the channel has ended
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalArgumentException if the message does not fit, saying its length; it is not lost, and is there for the
     *     next call
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    ReceiveResult receive(ByteBuffer into, Duration timeout) throws InterruptedException;

    /**
     * Hands over all messages until the channel has ended, waiting as long as it takes.
     *
     * @param handler called with each message, in order, in this thread
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed, also by the handler or while this waits
     * @throws ChannelException if the channel is damaged
     */
    void forEach(MessageHandler handler) throws InterruptedException;

    /**
     * Hands over copies of all messages until the channel has ended; as {@link #forEach(MessageHandler)}.
     *
     * @param consumer called with a copy of each message
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     */
    default void forEach(Consumer<byte[]> consumer) throws InterruptedException {
        forEach(Codec.bytes(), Objects.requireNonNull(consumer, "consumer"));
    }

    /**
     * Hands over all messages as objects until the channel has ended; as {@link #forEach(MessageHandler)}.
     *
     * @param <T> the type of the objects
     * @param codec how they are made of bytes; what it throws counts as thrown by the handler
     * @param consumer called with each object
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     */
    default <T> void forEach(Codec<T> codec, Consumer<? super T> consumer) throws InterruptedException {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(consumer, "consumer");
        forEach((buffer, offset, length) -> consumer.accept(codec.decode(buffer, offset, length)));
    }

    /**
     * What can be said of the channel at this moment, for people and monitoring.
     *
     * @return a snapshot, possibly stale when it is read
     * @throws IllegalStateException if the receiver is closed
     */
    ChannelStatus status();

    /**
     * Leaves the channel. Operations of another thread end with {@link IllegalStateException}; a handler at work is waited
     * for a moment, and what is left to do happens when it returns. Closing again does nothing.
     */
    @Override
    void close();
}
