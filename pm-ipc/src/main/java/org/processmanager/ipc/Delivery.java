package org.processmanager.ipc;

/** When a message counts as received. It decides what happens to the message if its handler throws or its receiver dies. */
public enum Delivery {
    /** Before the handler is called. If the handler throws, the next call delivers the message after it. */
    AT_MOST_ONCE,
    /** After the handler has returned. If the handler throws, the next call delivers the same message again. */
    AT_LEAST_ONCE
}
