package org.processmanager.ipc;

/**
 * A receiver of a broadcast with {@code policy=evict} lagged too far behind the sender, which has continued without it.
 * The receiver is useless: close it and open another one, which receives the messages from then on.
 */
public final class ReceiverEvictedException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /** In bytes. */
    private final long lagBytes;

    /**
     * Creates an exception.
     *
     * @param message which receiver, its lag, and the lag that was allowed
     * @param lagBytes the lag with the message that was too much
     */
    public ReceiverEvictedException(String message, long lagBytes) {
        super(message);
        this.lagBytes = lagBytes;
    }

    /**
     * Returns the lag at which the receiver was evicted.
     *
     * @return bytes that it had yet to receive, with the message that was too much
     */
    public long lagBytes() {
        return lagBytes;
    }
}
