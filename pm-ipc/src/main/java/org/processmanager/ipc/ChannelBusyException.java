package org.processmanager.ipc;

/** Living processes have all slots of a channel. It can be opened when one of them closes its end. */
public final class ChannelBusyException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /** Process id of the holder. */
    private final long pid;

    /**
     * Creates an exception.
     *
     * @param message what is taken, and by which process
     * @param pid process id of the holder, or 0 if it is unknown
     */
    public ChannelBusyException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /**
     * Returns the process that has the slot.
     *
     * @return the process id, or 0 if it is unknown
     */
    public long pid() {
        return pid;
    }
}
