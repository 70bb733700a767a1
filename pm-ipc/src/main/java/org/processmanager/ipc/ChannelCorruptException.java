package org.processmanager.ipc;

/** A channel holds what no sender of this library writes: it is damaged, or a foreign program wrote to it. */
public final class ChannelCorruptException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /** Where in the channel. */
    private final long position;

    /**
     * Makes an exception.
     *
     * @param message what was found, where, and what was expected there
     * @param position where in the channel, in bytes since its beginning
     */
    public ChannelCorruptException(String message, long position) {
        super(message);
        this.position = position;
    }

    /**
     * Where the damage is.
     *
     * @return bytes since the beginning of the channel
     */
    public long position() {
        return position;
    }
}
