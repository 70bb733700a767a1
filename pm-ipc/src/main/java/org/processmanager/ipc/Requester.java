package org.processmanager.ipc;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.internal.Backoff;
import org.processmanager.ipc.internal.CallMessage;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Sends requests through one channel and receives their replies through another, of any transport. The other side is a
 * {@link Replier}, or a program in any language that copies the header of the request:
 *
 * <pre>{@code
 * try (Requester prices = new Requester(Ipc.sender("fifo:price-requests"), Ipc.receiver("fifo:price-replies"))) {
 *     byte[] reply = prices.request(isin, Duration.ofSeconds(1));
 *     if (reply == null) { ... }                      // no reply in time
 * }
 * // in another program
 * try (Replier prices = new Replier(Ipc.receiver("fifo:price-requests"), Ipc.sender("fifo:price-replies"))) {
 *     prices.serve(isin -> priceOf(isin));            // returns when the requester is gone
 * }
 * }</pre>
 *
 * <p><b>One requester per pair of channels.</b> A channel of replies has one receiver, so replies cannot be distributed. A
 * replier for several requesters opens a {@link Replier} with channels of its own for each. If two requesters share a channel
 * of requests, the replier rejects the requests of the first as soon as those of the second alternate with them.
 *
 * <p><b>Late replies.</b> A reply that comes after its request has timed out is discarded by a later request. A requester that
 * uses the channels of an earlier one discards the replies to that one.
 *
 * <p><b>Death.</b> If the replier closes its ends or dies, a waiting request ends by {@link ReplyLostException} within about
 * 100 ms. Open the channel of replies with {@code end=never} if another replier may take over: its first reply need not have
 * been sent yet.
 *
 * <p><b>Threads.</b> Thread-safe: one request is under way at a time, and other threads wait for their turn within their own
 * timeouts. For requests in parallel, open requesters with channels of their own. {@link #close()} ends a waiting request by
 * {@link IllegalStateException}. A virtual thread that waits here releases its carrier.
 *
 * <p><b>Layout.</b> Each message begins with a header; all numbers are big-endian:
 *
 * <pre>
 *     0 +----------------------------+------------------------------------------------+
 *       | "PMRQ"                   4 | kind: 1 request, 2 reply, 3 failure           4 |
 *     8 +----------------------------+------------------------------------------------+
 *       | random number of the requester                                           8 |
 *    16 +-------------------------------------------------------------------------------+
 *       | number of the request                                                    8 |
 *    24 +----------------------------+------------------------------------------------+
 *       | timeout in ms            4 | request, reply, or text of the failure (UTF-8) |
 *       +----------------------------+------------------------------------------------+
 * </pre>
 *
 * <p>A reply has the header of its request with another kind; its timeout is ignored.
 */
public final class Requester implements AutoCloseable {
    /** How long the death of the replier may remain unnoticed if the channel of replies does not report it. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final MessageSender requests;
    private final MessageReceiver replies;
    private final ReentrantLock turn = new ReentrantLock();
    private final long id = ThreadLocalRandom.current().nextLong();
    private long number;

    /**
     * Creates a requester that owns both ends: closing it closes them.
     *
     * @param requests the sending end of the channel of requests, used by this object alone
     * @param replies the receiving end of the channel of replies, used by this object alone
     */
    public Requester(MessageSender requests, MessageReceiver replies) {
        this.requests = Objects.requireNonNull(requests, "requests");
        this.replies = Objects.requireNonNull(replies, "replies");
    }

    /**
     * Sends a request and blocks until its reply is available, at most the timeout.
     *
     * @param request the request, of at most 28 bytes less than {@link MessageSender#maxMessageBytes()}
     * @param timeout how long to wait; zero or less tries each step once
     * @return the reply; null if none came in time, and the request may have been handled or may be handled later
     * @throws RequestFailedException if the handler of the replier threw an exception
     * @throws ReplyLostException if the replier closed or died after the request was sent
     * @throws NotConnectedException if there was no replier in time, or it left before it accepted the request; the request
     *     was not sent
     * @throws ChannelClosedException if the channel of requests was deleted; the request was not sent
     * @throws ChannelException if a channel is damaged, or a message that is no reply arrived and was discarded
     * @throws InterruptedException if interrupted before or while waiting; the request may be handled
     * @throws IllegalArgumentException if the request is too long
     * @throws IllegalStateException if this requester is closed
     */
    public byte @Nullable [] request(byte[] request, Duration timeout) throws InterruptedException {
        int limit = requests.maxMessageBytes() - CallMessage.HEADER_BYTES;
        if (Objects.requireNonNull(request, "request").length > limit) {
            throw new IllegalArgumentException(
                    "request: " + request.length + " bytes (expected: at most " + limit + ")");
        }
        Deadline deadline = Deadline.after(Objects.requireNonNull(timeout, "timeout"));
        if (!turn.tryLock(deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            boolean closedBefore = discardLateReplies();
            boolean connectedBefore = requests.snapshot().connected();
            number++;
            return send(request, deadline) ? awaitReply(connectedBefore, closedBefore, deadline) : null;
        } finally {
            turn.unlock();
        }
    }

    /** Makes room for the replier, which may be sending such a reply. Returns whether the channel of replies is closed. */
    private boolean discardLateReplies() throws InterruptedException {
        CallMessage late;
        do {
            late = replies.receive(CallMessage.CODEC, Duration.ZERO);
        } while (late != null);
        return replies.isChannelClosed();
    }

    /** Sends a request; returns false if there was no room in time. */
    private boolean send(byte[] request, Deadline deadline) throws InterruptedException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline.leftNanos());
        CallMessage message = new CallMessage(
                CallMessage.REQUEST, id, number, (int) Math.min(millis + 1, Integer.MAX_VALUE), request);
        SendStatus status = requests.send(message.encode(), Duration.ofNanos(deadline.leftNanos()));
        switch (status) {
            case NOT_CONNECTED ->
                throw new NotConnectedException(
                        "cannot send a request to " + requestsEndpoint()
                                + ": there is no replier, or it left; the request was not sent, send it again to wait for the next one");
            case CLOSED ->
                throw new ChannelClosedException("cannot send a request to " + requestsEndpoint()
                        + ": the channel was deleted; the request was not sent, open the channels again");
            default -> {
                return status == SendStatus.SENT;
            }
        }
    }

    private byte @Nullable [] awaitReply(boolean connectedBefore, boolean closedBefore, Deadline deadline)
            throws InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, SLICE_NANOS);
        boolean staleClosed = closedBefore;
        boolean seen = connectedBefore;
        while (true) {
            // Asked first, so that what the replier sent before it left is received before its death is reported.
            ChannelSnapshot channel = requests.snapshot();
            boolean gone = !channel.connected() && (seen || channel.backlogBytes() == 0);
            long nanos = gone ? 0 : Math.min(SLICE_NANOS, deadline.leftNanos());
            CallMessage reply = replies.receive(CallMessage.CODEC, Duration.ofNanos(nanos));
            if (reply != null) {
                reply.check(replies.snapshot().endpoint(), false);
                if (reply.requester() == id && reply.number() == number) {
                    return contentOf(reply);
                }
                continue;
            }
            boolean closed = replies.isChannelClosed();
            if (gone || closed && !staleClosed) {
                throw new ReplyLostException("the replier of " + requestsEndpoint()
                        + " closed or died before its reply; whether it handled the request is unknown");
            }
            if (deadline.isOver()) {
                return null;
            }
            seen |= channel.connected();
            staleClosed &= closed;
            if (closed) {
                backoff.pause(
                        deadline.leftNanos()); // closed since an earlier replier: the present one has not replied yet
            }
        }
    }

    private byte[] contentOf(CallMessage reply) {
        if (reply.kind() == CallMessage.FAILURE) {
            throw new RequestFailedException(
                    "the replier of " + requestsEndpoint() + " failed: " + reply.text(), reply.text());
        }
        return reply.content();
    }

    private Endpoint requestsEndpoint() {
        return requests.snapshot().endpoint();
    }

    /** Closes both ends. A request of another thread throws {@link IllegalStateException}. Idempotent. */
    @Override
    public void close() {
        try {
            requests.close();
        } finally {
            replies.close();
        }
    }
}
