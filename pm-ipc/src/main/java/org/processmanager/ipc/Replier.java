package org.processmanager.ipc;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.internal.CallMessage;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Answers the requests of a {@link Requester}, which has the example and the layout of the messages.
 *
 * <p>A request counts as received before its handler runs: it is handled at most once. The reply is sent within the time that
 * the requester waits, counted from the receipt of the request; a reply that the requester does not take in time, or whose
 * requester is gone, is discarded.
 *
 * <p>Not thread-safe. Handing a replier to another thread requires a happens-before relationship, such as a lock or a
 * concurrent queue. {@link #close()} may be called by any thread and ends a waiting call by {@link IllegalStateException}.
 */
public final class Replier implements AutoCloseable {
    private final MessageReceiver requests;
    private final MessageSender replies;

    /** The requester of the last request, and the one before it; null until there was one. */
    private @Nullable Long current;

    private @Nullable Long former;

    /**
     * Creates a replier that owns both ends: closing it closes them.
     *
     * @param requests the receiving end of the channel of requests, used by this object alone
     * @param replies the sending end of the channel of replies, used by this object alone
     */
    public Replier(MessageReceiver requests, MessageSender replies) {
        this.requests = Objects.requireNonNull(requests, "requests");
        this.replies = Objects.requireNonNull(replies, "replies");
    }

    /**
     * Answers requests until the channel of requests is closed, see {@link MessageReceiver}.
     *
     * @param handler called with each request, in order, in this thread; if it throws an {@link Error} or an
     *     {@link InterruptedException}, the request fails at the requester and this method throws it too
     * @throws InterruptedException if interrupted before or while waiting; no request is lost
     * @throws ChannelClosedException if the channel of replies was deleted
     * @throws ChannelException if a channel is damaged, or a message that is no request arrived and was discarded
     * @throws IllegalStateException if this replier is closed
     */
    public void serve(RequestHandler handler) throws InterruptedException {
        Objects.requireNonNull(handler, "handler");
        CallMessage request = requests.receive(CallMessage.CODEC);
        while (request != null) {
            answer(request, handler);
            request = requests.receive(CallMessage.CODEC);
        }
    }

    /**
     * Blocks until a request is available, at most the timeout, and answers it; as {@link #serve}.
     *
     * @param handler called with the request, in this thread
     * @param timeout how long to wait; zero or less tries once
     * @return true if a request was answered; false if none came in time or the channel of requests is closed, which
     *     {@link #isChannelClosed()} tells apart
     * @throws InterruptedException if interrupted before or while waiting; no request is lost
     * @throws ChannelException if a channel is damaged, or a message that is no request arrived and was discarded
     * @throws IllegalStateException if this replier is closed
     */
    public boolean serveOne(RequestHandler handler, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(handler, "handler");
        CallMessage request = requests.receive(CallMessage.CODEC, Objects.requireNonNull(timeout, "timeout"));
        if (request != null) {
            answer(request, handler);
        }
        return request != null;
    }

    /**
     * Returns whether the most recent call that serves found the channel of requests closed; false before the first one.
     *
     * @return true if it was closed
     */
    public boolean isChannelClosed() {
        return requests.isChannelClosed();
    }

    private void answer(CallMessage request, RequestHandler handler) throws InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofMillis(request.timeoutMillis()));
        request.check(requests.snapshot().endpoint(), true);
        CallMessage reply;
        try {
            reply = handle(request, handler);
        } catch (InterruptedException | Error e) {
            send(failure(request, e.toString()), deadline);
            throw e;
        } catch (Exception e) {
            reply = failure(request, e.toString());
        }
        send(reply, deadline);
    }

    private CallMessage handle(CallMessage request, RequestHandler handler) throws Exception {
        if (isSharedChannel(request.requester())) {
            return failure(
                    request,
                    "requests of two requesters alternate on this channel, but its replies have one receiver;"
                            + " give each requester channels and a replier of its own");
        }
        byte[] reply = handler.reply(request.content());
        int limit = replies.maxMessageBytes() - CallMessage.HEADER_BYTES;
        if (reply == null) {
            return failure(request, "the handler returned null");
        }
        return reply.length > limit
                ? failure(request, "reply of " + reply.length + " bytes (expected: at most " + limit + ")")
                : request.reply(reply);
    }

    /** Returns whether requests of this requester came before those of the last one: both are alive. */
    private boolean isSharedChannel(long requester) {
        if (current != null && current != requester) {
            if (former != null && former == requester) {
                return true;
            }
            former = current;
        }
        current = requester;
        return false;
    }

    private CallMessage failure(CallMessage request, String text) {
        return request.failure(text, replies.maxMessageBytes());
    }

    private void send(CallMessage reply, Deadline deadline) throws InterruptedException {
        SendStatus status = replies.send(reply.encode(), Duration.ofNanos(deadline.leftNanos()));
        if (status == SendStatus.CLOSED) {
            throw new ChannelClosedException("cannot reply to "
                    + replies.snapshot().endpoint() + ": the channel was deleted; open the channels again");
        }
    }

    /** Closes both ends. Idempotent. */
    @Override
    public void close() {
        try {
            requests.close();
        } finally {
            replies.close();
        }
    }
}
