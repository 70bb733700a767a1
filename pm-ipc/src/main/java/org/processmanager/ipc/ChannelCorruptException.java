package org.processmanager.ipc;

/** The content of a channel is damaged, or something else than messages was written to it. */
public final class ChannelCorruptException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /** Bytes since the beginning of the channel. */
    private final long position;

    /**
     * Creates an exception.
     *
     * @param message what was found, where, and what was expected there
     * @param position where in the channel, in bytes since its beginning
     */
    public ChannelCorruptException(String message, long position) {
        super(message);
        this.position = position;
    }

    /**
     * Returns the position of the damage.
     *
     * @return bytes since the beginning of the channel
     */
    public long position() {
        return position;
    }
}
