package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.stream.FrameWriter;
import org.processmanager.ipc.internal.stream.StreamSender;

/** Sends messages to a Unix socket. */
final class UnixSender extends StreamSender {
    private final SocketFile file;
    private final UnixWriter writer;

    /** The file of the socket that this is connected to; null if it is not connected. */
    private volatile @Nullable Object connectedTo;

    UnixSender(Endpoint endpoint, SocketFile file, int maxMessageBytes) {
        super(endpoint, maxMessageBytes);
        this.file = file;
        this.writer = new UnixWriter(endpoint, guard);
    }

    @Override
    protected FrameWriter writer() {
        return writer;
    }

    @Override
    protected boolean isConnected() {
        return connectedTo != null;
    }

    @Override
    protected boolean isReceiverGone() {
        return writer.isReceiverGone();
    }

    @Override
    protected boolean isNameGone() {
        return !file.exists() || !Objects.equals(connectedTo, file.identity());
    }

    @Override
    protected boolean tryConnect() {
        if (!file.exists()) {
            return false;
        }
        Object identity = file.identity();
        if (identity == null) {
            return false;
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw SocketFile.exhaustion("cannot create a socket for " + endpoint, e);
        }
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(file.address());
        } catch (IOException e) {
            if (Files.exists(file.path()) && !Files.isWritable(file.path())) {
                throw new ChannelException(
                        "cannot connect to " + endpoint + ": " + e
                                + "; check the permissions of the directory and the socket",
                        e);
            }
            // It was closed, or too many connections wait to be accepted.
        } finally {
            if (!connected) {
                UnixListener.closeQuietly(channel);
            }
        }
        if (connected) {
            writer.connect(channel);
            connectedTo = identity;
        }
        return connected;
    }

    @Override
    protected void disconnect() {
        if (connectedTo != null) {
            connectedTo = null;
            writer.disconnect();
        }
    }

    @Override
    protected void checkAdmitted() {
        if (writer.isRefused()) {
            disconnect();
            throw new ChannelBusyException(
                    "cannot send to " + endpoint
                            + ": its receiver has as many clients as its option clients allows; the message was not"
                            + " sent, retry when one of them has closed",
                    0);
        }
    }

    @Override
    public void wake() {
        writer.wake();
    }
}
