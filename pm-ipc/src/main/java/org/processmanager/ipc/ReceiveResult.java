package org.processmanager.ipc;

/**
 * The answer of a wait for a message that may end without one.
 *
 * @param kind what ended the wait
 * @param length the message's length in bytes; 0 where there is none
 */
public record ReceiveResult(Kind kind, int length) {
    /** What can end a wait. */
    public enum Kind {
        /** A message came. */
        MESSAGE,
        /** The time was over. */
        EMPTY,
        /** The channel has ended; see {@link MessageReceiver}. */
        CLOSED
    }

    /** No message within the time. */
    public static final ReceiveResult EMPTY = new ReceiveResult(Kind.EMPTY, 0);

    /** No message any more. */
    public static final ReceiveResult CLOSED = new ReceiveResult(Kind.CLOSED, 0);

    /**
     * Whether a message came.
     *
     * @return true if {@link #kind()} is {@link Kind#MESSAGE}
     */
    public boolean isMessage() {
        return kind == Kind.MESSAGE;
    }

    /**
     * The answer for a message.
     *
     * @param length its length in bytes
     * @return an answer of kind {@link Kind#MESSAGE}
     */
    public static ReceiveResult message(int length) {
        return new ReceiveResult(Kind.MESSAGE, length);
    }
}
