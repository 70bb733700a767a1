package org.processmanager.ipc;

/** What became of a message that was given to a {@link MessageSender}. */
public enum SendStatus {
    /** It is in the channel, as a whole. Whether somebody received it is another question. */
    SENT,
    /** There was no room for it: nothing of it is in the channel, try again. */
    FULL,
    /** Nobody receives at present, and the channel keeps nothing for later or is full: try again when somebody does. */
    NOT_CONNECTED,
    /** The channel was closed for good by who owns it: this and every later message goes nowhere. */
    CLOSED
}
