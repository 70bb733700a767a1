package org.processmanager.ipc;

/**
 * The result of a bounded wait for a message.
 *
 * @param kind how the wait ended
 * @param length the length of the message in bytes; 0 if there is none
 */
public record ReceiveResult(Kind kind, int length) {
    /** How a wait ended. */
    public enum Kind {
        /** With a message. */
        MESSAGE,
        /** By its timeout. */
        EMPTY,
        /** The channel is closed; see {@link MessageReceiver}. */
        CLOSED
    }

    /** No message in time. */
    public static final ReceiveResult EMPTY = new ReceiveResult(Kind.EMPTY, 0);

    /** The channel is closed. */
    public static final ReceiveResult CLOSED = new ReceiveResult(Kind.CLOSED, 0);

    /**
     * Returns whether there is a message.
     *
     * @return true if {@link #kind()} is {@link Kind#MESSAGE}
     */
    public boolean isMessage() {
        return kind == Kind.MESSAGE;
    }

    /**
     * Returns the result for a message.
     *
     * @param length its length in bytes
     * @return a result of kind {@link Kind#MESSAGE}
     */
    public static ReceiveResult message(int length) {
        return new ReceiveResult(Kind.MESSAGE, length);
    }
}
