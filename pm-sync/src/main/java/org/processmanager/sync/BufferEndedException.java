package org.processmanager.sync;

import org.processmanager.core.ProcessManagerException;

/** An item cannot be put, since the buffer was {@linkplain SharedBoundedBuffer#end() ended}. The message names the buffer. */
public final class BufferEndedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message which buffer, and what to do next
     */
    public BufferEndedException(String message) {
        super(message);
    }
}
