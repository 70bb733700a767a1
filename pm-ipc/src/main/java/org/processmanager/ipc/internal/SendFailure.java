package org.processmanager.ipc.internal;

import org.processmanager.ipc.ChannelClosedException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.NotConnectedException;
import org.processmanager.ipc.SendStatus;

/** The exceptions of sends that cannot return a status. */
public final class SendFailure {
    private SendFailure() {}

    /**
     * Returns if the message was sent.
     *
     * @param status the outcome of an unbounded wait, which is never {@link SendStatus#FULL}
     * @throws NotConnectedException if the receiver left
     * @throws ChannelClosedException if the channel was deleted
     */
    public static void throwUnlessSent(SendStatus status, Endpoint endpoint) {
        if (status == SendStatus.NOT_CONNECTED) {
            throw new NotConnectedException(
                    "cannot send to " + endpoint
                            + ": its receiver closed or died; the message was not sent, send it again to wait for the next receiver");
        }
        if (status == SendStatus.CLOSED) {
            throw new ChannelClosedException("cannot send to " + endpoint
                    + ": the channel was deleted; the message was not sent, open the channel again to send it");
        }
        if (status != SendStatus.SENT) {
            throw new AssertionError(status);
        }
    }
}
