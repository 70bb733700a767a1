package org.processmanager.sync;

import org.processmanager.core.ProcessManagerException;

/**
 * A mutex or a read-write lock cannot be acquired, since the data that it protects may be inconsistent: an owner died, and the
 * next owner released it without {@link Hold#markConsistent()}. {@link SharedMutex#reset()} or
 * {@link SharedReadWriteLock#reset()} makes it usable.
 */
public final class MutexPoisonedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message which mutex, and what to do next
     */
    public MutexPoisonedException(String message) {
        super(message);
    }
}
