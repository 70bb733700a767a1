package org.processmanager.ipc;

import java.nio.ByteBuffer;

/** Handles received messages and decides after each whether the next one is passed to it. */
@FunctionalInterface
public interface StoppableHandler {
    /**
     * Handles one message, as {@link MessageHandler#onMessage} does, with the same rules for the buffer.
     *
     * @param buffer holds the message
     * @param offset index of its first byte
     * @param length number of bytes, 0 or more
     * @return true to continue; false to stop after this message, which counts as handled
     */
    boolean onMessage(ByteBuffer buffer, int offset, int length);
}
