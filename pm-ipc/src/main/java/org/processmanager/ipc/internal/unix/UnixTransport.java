package org.processmanager.ipc.internal.unix;

import org.processmanager.core.Inheritable;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.ipc.internal.CountOption;
import org.processmanager.ipc.internal.EndOption;
import org.processmanager.ipc.internal.stream.MaxOption;
import org.processmanager.sync.OpenMode;

/**
 * {@code unix:NAME-or-PATH}: many senders and one receiver, through a Unix domain socket and the JDK alone. The options are
 * documented at {@link org.processmanager.ipc.Ipc}.
 *
 * <p>The receiver creates the socket and removes it. A sender never creates one and may be opened first. The socket of a killed
 * receiver remains; the next receiver replaces it. When a receiver closes or dies, the messages in the socket are lost, and
 * those that it has read but not yet delivered.
 */
public final class UnixTransport implements Transport {
    /** The scheme of this transport. */
    public static final String SCHEME = "unix";

    private static final String CLIENTS = "clients";
    private static final int DEFAULT_CLIENTS = 64;
    private static final int MOST_CLIENTS = 10_000;

    /** Creates the transport. */
    public UnixTransport() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        checkOptions(endpoint);
        if (mode == OpenMode.CREATE_NEW) {
            throw new IllegalArgumentException("mode: CREATE_NEW for the sender of " + endpoint
                    + " (expected: OPEN_EXISTING or OPEN_OR_CREATE, since only a receiver creates a socket)");
        }
        SocketFile file = SocketFile.of(ChannelPath.of(endpoint));
        if (!file.exists() && mode == OpenMode.OPEN_EXISTING) {
            throw file.notFound();
        }
        return new UnixSender(endpoint, file, MaxOption.bytes(endpoint));
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        checkOptions(endpoint);
        SocketFile file = SocketFile.of(ChannelPath.of(endpoint));
        if (mode != OpenMode.OPEN_EXISTING) {
            ChannelPath.createDirectory(endpoint);
        }
        return new UnixReceiver(
                endpoint, UnixListener.open(file, mode), delivery, MaxOption.bytes(endpoint), clients(endpoint));
    }

    @Override
    public boolean delete(Endpoint endpoint) {
        checkOptions(endpoint);
        return SocketFile.of(ChannelPath.of(endpoint)).delete();
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        checkOptions(endpoint);
        return ChannelPath.forChild(endpoint);
    }

    private static void checkOptions(Endpoint endpoint) {
        endpoint.requireKnownOptions(CLIENTS, MaxOption.KEY, EndOption.KEY);
        EndOption.waitsForSenders(endpoint);
        MaxOption.bytes(endpoint);
        clients(endpoint);
    }

    private static int clients(Endpoint endpoint) {
        int clients = CountOption.of(endpoint, CLIENTS, MOST_CLIENTS);
        return clients == 0 ? DEFAULT_CLIENTS : clients;
    }
}
