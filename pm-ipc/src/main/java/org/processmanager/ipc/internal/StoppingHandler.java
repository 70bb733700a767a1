package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.StoppableHandler;

/** Counts messages until a handler stops. */
public final class StoppingHandler implements MessageHandler {
    private final StoppableHandler handler;
    private boolean continues = true;
    private int messages;

    /** Creates an adapter of a handler. */
    public StoppingHandler(StoppableHandler handler) {
        this.handler = handler;
    }

    @Override
    public void onMessage(ByteBuffer buffer, int offset, int length) {
        continues = handler.onMessage(buffer, offset, length);
        messages++;
    }

    /** Returns whether the handler wants the next message. */
    public boolean continues() {
        return continues;
    }

    /** Returns how many messages the handler has handled. */
    public int messages() {
        return messages;
    }
}
