package org.processmanager.sync;

import org.processmanager.core.ProcessManagerException;

/**
 * A mutex cannot be acquired, since what it protects is suspect: an owner died, and the one that it was handed over to
 * released it without {@link Hold#markConsistent()}. {@link SharedMutex#reset()} makes it usable again.
 */
public final class MutexPoisonedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message which mutex, and what to do next
     */
    public MutexPoisonedException(String message) {
        super(message);
    }
}
