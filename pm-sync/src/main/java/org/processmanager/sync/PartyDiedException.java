package org.processmanager.sync;

import org.processmanager.core.ProcessManagerException;

/**
 * A latch cannot open, since a party died before it counted down. The message names the party. To continue without it,
 * remove the latch and open another one.
 */
public final class PartyDiedException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /** Of the party's process. */
    private final long pid;

    /**
     * Creates an exception.
     *
     * @param message which latch, and which party
     * @param pid of the party's process
     */
    public PartyDiedException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /**
     * Returns the process id of the party that died.
     *
     * @return its pid, which may have been reused
     */
    public long pid() {
        return pid;
    }
}
