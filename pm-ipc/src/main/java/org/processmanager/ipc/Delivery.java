package org.processmanager.ipc;

/** When a message counts as received: it decides what a handler that throws, or a receiver that dies, does to it. */
public enum Delivery {
    /**
     * Before the handler is called. A handler that throws has had its message, and the next call goes on with the one
     * behind it.
     */
    AT_MOST_ONCE,
    /** After the handler has returned. A handler that throws sees the same message again in the next call. */
    AT_LEAST_ONCE
}
