package org.processmanager.ipc;

/** The outcome of an attempt to send a message. Unless it is {@link #SENT}, no byte of the message is in the channel. */
public enum SendStatus {
    /** The channel has accepted the message as a whole. A receiver need not have received it yet. */
    SENT,
    /** The channel has no room for the message: retry later. */
    FULL,
    /** There is no receiver, and the channel cannot keep the message: retry when there is one. */
    NOT_CONNECTED,
    /** The channel was deleted: retrying is useless, open the channel again. */
    CLOSED
}
