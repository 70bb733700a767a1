package org.processmanager.ipc.internal.stream;

import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;

/** Receives messages from one or more streams of bytes. A message is held by its reader until it counts as received. */
public abstract class StreamReceiver extends AbstractReceiver {
    /** The reader of the next message; null if none was found yet. */
    private @Nullable MessageReader next;

    private volatile long messages;

    protected StreamReceiver(Endpoint endpoint, Delivery delivery) {
        super(endpoint, delivery);
    }

    /** Returns a reader that has found a message, or null if there is none now. Called inside the guard. */
    protected abstract @Nullable MessageReader findMessage();

    /** Returns whether the channel is closed, if {@link #findMessage} has just found no message. */
    protected abstract boolean isEnded();

    @Override
    protected final int take(MessageHandler handler, int limit, Delivery when) {
        for (int taken = 0; taken < limit; taken++) {
            if (next == null) {
                next = findMessage();
                if (next == null) {
                    return taken == 0 && isEnded() ? CLOSED : taken;
                }
            }
            MessageReader found = next;
            if (when == Delivery.AT_MOST_ONCE) {
                consume();
            }
            handler.onMessage(found.content(), found.offset(), found.length());
            if (when == Delivery.AT_LEAST_ONCE) {
                consume();
            }
        }
        return limit;
    }

    /** Returns how many messages were received. */
    protected final long messages() {
        return messages;
    }

    private void consume() {
        next = null;
        messages++;
    }
}
