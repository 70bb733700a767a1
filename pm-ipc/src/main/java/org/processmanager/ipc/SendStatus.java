package org.processmanager.ipc;

/**
 * The outcome of an attempt to send a message. Unless it is {@link #SENT}, nothing of the message will be received, and no byte
 * of it takes room in the channel. One exception: the beginning of a message of more than 4064 bytes on {@code fifo:},
 * {@code pipe:} and {@code unix:}, and of one longer than a lane on {@code mapped:}, may stay in the channel until the receiver
 * reads and discards it, if a wait ended while the message was being written, or the room was used up meanwhile.
 */
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
