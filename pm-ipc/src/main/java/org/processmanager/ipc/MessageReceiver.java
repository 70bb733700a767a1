package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.event.EventListener;
import org.processmanager.ipc.internal.DecodingHandler;
import org.processmanager.ipc.internal.StoppingHandler;
import org.processmanager.ipc.internal.report.ReportingReceiver;

/**
 * The receiving end of a channel.
 *
 * <p><b>Closed channels.</b> A channel is <em>closed</em> for a receiver when all messages are delivered and no sender is left,
 * provided that there was a sender: one that was connected while this receiver was open, or whose messages this receiver
 * delivered. A receiver that is opened first therefore waits for its senders. A channel that was deleted is closed as well.
 * Closed is a state of the moment: if another sender opens the channel later, the next call receives its messages. A program
 * that outlives its senders should not call again in a loop, which would spin while there is none, but open its receiver with
 * the option {@code end=never} ({@link Ipc}): then only deleting the channel closes it, and receiving waits for the next
 * sender. The death of a killed sender is detected by the proof of the operating system: at once by a blocked receiver, within
 * a few calls by {@link #poll}.
 *
 * <p><b>Threads.</b> Not thread-safe. Handing a receiver to another thread requires a happens-before relationship, such as a
 * lock or a concurrent queue. Concurrent use throws {@link IllegalStateException} on a best-effort basis. {@link #close()} and
 * {@link #snapshot()} may be called by any thread: the operations of a closed receiver, including blocked ones, throw
 * {@link IllegalStateException}. A virtual thread that blocks here releases its carrier. A blocked receiver uses practically no
 * processor time.
 */
public interface MessageReceiver extends AutoCloseable {
    /** Returned by {@link #poll} when the channel is closed. */
    int CLOSED = -1;

    /**
     * Passes the available messages to a handler, without waiting and without allocating an object per message.
     *
     * @param handler called with each message, in order, in this thread
     * @param limit the maximum number of messages, more than 0
     * @return the number of messages; 0 if none was available; {@link #CLOSED}
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws IllegalStateException if the receiver is closed, or the call comes from a handler
     * @throws ReceiverEvictedException if this receiver of a broadcast lagged too far; so do all later calls that receive
     * @throws ChannelException if the channel is damaged
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Passes the available messages to a handler until it stops, without waiting; as {@link #poll}.
     *
     * <pre>{@code
     * receiver.pollWhile((buffer, offset, length) -> buffer.get(offset) != LAST, 100);
     * }</pre>
     *
     * @param handler called with each message, in order, in this thread; returns false to stop after that message
     * @param limit the maximum number of messages, more than 0
     * @return the number of messages, including the one after which the handler stopped; 0 if none was available;
     *     {@link #CLOSED}
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws IllegalStateException if the receiver is closed, also by the handler, or the call comes from a handler
     * @throws ChannelException if the channel is damaged
     */
    default int pollWhile(StoppableHandler handler, int limit) {
        StoppingHandler stopping = new StoppingHandler(Objects.requireNonNull(handler, "handler"));
        if (limit <= 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        int taken;
        do {
            taken = poll(stopping, 1);
        } while (taken == 1 && stopping.continues() && stopping.messages() < limit);
        return stopping.messages() == 0 ? taken : stopping.messages();
    }

    /**
     * Blocks until a message is available and returns it.
     *
     * @return a copy of the message; null if the channel is closed
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    byte @Nullable [] receive() throws InterruptedException;

    /**
     * Blocks until a message is available, at most the timeout, and returns it.
     *
     * @param timeout how long to wait; zero or less tries once
     * @return a copy of the message; null if none came in time or the channel is closed, which {@link #isChannelClosed()}
     *     tells apart
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    byte @Nullable [] receive(Duration timeout) throws InterruptedException;

    /**
     * Blocks until a message is available and returns it as an object.
     *
     * @param <T> the type of the object
     * @param codec decodes the message; an exception that it throws is treated as one of a handler, see {@link Delivery}
     * @return the object; null if the channel is closed
     * @throws CodecException if the message is not of this form
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    <T> @Nullable T receive(Codec<T> codec) throws InterruptedException;

    /**
     * Blocks until a message is available, at most the timeout, and returns it as an object.
     *
     * @param <T> the type of the object
     * @param codec decodes the message; an exception that it throws is treated as one of a handler, see {@link Delivery}
     * @param timeout how long to wait; zero or less tries once
     * @return the object; null if none came in time or the channel is closed, which {@link #isChannelClosed()} tells apart
     * @throws CodecException if the message is not of this form
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    <T> @Nullable T receive(Codec<T> codec, Duration timeout) throws InterruptedException;

    /**
     * Blocks until a message is available, at most the timeout, and copies it into a buffer.
     *
     * @param into receives the message at its position, which then is behind the message
     * @param timeout how long to wait; zero or less tries once
     * @return the length of the message, or that none came in time, or that the channel is closed
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalArgumentException if the message does not fit, giving its length; the message is not lost and is
     *     delivered by the next call; also if the buffer is read-only
     * @throws IllegalStateException if the receiver is closed
     * @throws ChannelException if the channel is damaged
     */
    ReceiveResult receive(ByteBuffer into, Duration timeout) throws InterruptedException;

    /**
     * Returns whether the most recent call that receives or polls found the channel closed; false before the first one.
     *
     * @return true if it was closed
     */
    boolean isChannelClosed();

    /**
     * Passes all messages to a handler until the channel is closed.
     *
     * @param handler called with each message, in order, in this thread
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     * @throws IllegalStateException if the receiver is closed, also by the handler or during the wait
     * @throws ChannelException if the channel is damaged
     */
    void forEach(MessageHandler handler) throws InterruptedException;

    /**
     * Passes copies of all messages to a consumer until the channel is closed; as {@link #forEach(MessageHandler)}.
     *
     * @param consumer called with a copy of each message
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     */
    default void forEach(Consumer<byte[]> consumer) throws InterruptedException {
        forEach(Codec.bytes(), Objects.requireNonNull(consumer, "consumer"));
    }

    /**
     * Passes all messages as objects to a consumer until the channel is closed; as {@link #forEach(MessageHandler)}.
     *
     * @param <T> the type of the objects
     * @param codec decodes the messages; an exception that it throws is treated as one of a handler
     * @param consumer called with each object
     * @throws InterruptedException if interrupted before or while waiting; no message is lost
     */
    default <T> void forEach(Codec<T> codec, Consumer<? super T> consumer) throws InterruptedException {
        forEach(new DecodingHandler<>(
                Objects.requireNonNull(codec, "codec"), Objects.requireNonNull(consumer, "consumer")));
    }

    /**
     * Returns this receiver with events: each message is reported as
     * {@link org.processmanager.core.event.ProcessEvent.MessageReceived} before its handler is called or it is returned, and
     * again if it is delivered again. The events are delivered in the calling thread; an exception of the listener is logged.
     *
     * @param listener receives the events
     * @return a receiver to be used, and closed, instead of this one
     * @throws IllegalStateException if the receiver is closed
     */
    @CheckReturnValue
    default MessageReceiver reportingTo(EventListener listener) {
        return new ReportingReceiver(this, Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Returns the state of the channel at this moment.
     *
     * @return the state, possibly stale when it is read
     * @throws IllegalStateException if the receiver is closed
     */
    ChannelSnapshot snapshot();

    /**
     * Closes this receiver. Operations of another thread throw {@link IllegalStateException}. Waits up to a second for a
     * running handler; if the handler takes longer, its thread releases the resources when the handler returns. Idempotent.
     */
    @Override
    void close();
}
