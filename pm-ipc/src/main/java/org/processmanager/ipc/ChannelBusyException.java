package org.processmanager.ipc;

/** All places of a channel are taken by living processes. It can be opened when one of them leaves. */
public final class ChannelBusyException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /** Who holds the place. */
    private final long pid;

    /**
     * Makes an exception.
     *
     * @param message what is taken, and by whom
     * @param pid who holds the place, or 0 where that is not known
     */
    public ChannelBusyException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /**
     * Who holds the place.
     *
     * @return the process id, or 0 where that is not known
     */
    public long pid() {
        return pid;
    }
}
