package org.processmanager.ipc.internal.mapped;

import java.nio.file.Path;
import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.ipc.internal.EndOption;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.OpenMode;

/**
 * {@code mapped:NAME-or-PATH}: one sender and one receiver, through a ring buffer in shared memory. The first end creates it; it
 * outlives both ends with its messages, until it is deleted. The options are documented at
 * {@link org.processmanager.ipc.Ipc}.
 */
public final class MappedTransport implements Transport {
    /** The scheme of this transport. */
    public static final String SCHEME = "mapped";

    static final int DEFAULT_CAPACITY = 64 << 10;

    private static final String CAPACITY = "capacity";

    /** Creates the transport. */
    public MappedTransport() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        try {
            return MappedSender.open(open(endpoint, mode));
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + endpoint, e);
        }
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        try {
            return MappedReceiver.open(open(endpoint, mode), delivery);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + endpoint, e);
        }
    }

    @Override
    public boolean delete(Endpoint endpoint) {
        capacity(endpoint);
        return MappedChannel.delete(endpoint, ChannelPath.of(endpoint));
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        capacity(endpoint);
        return ChannelPath.forChild(endpoint);
    }

    private static MappedChannel open(Endpoint endpoint, OpenMode mode) {
        int capacity = capacity(endpoint);
        Path path = ChannelPath.of(endpoint);
        if (mode != OpenMode.OPEN_EXISTING) {
            ChannelPath.createDirectory(endpoint);
        }
        return MappedChannel.open(endpoint, path, mode, capacity);
    }

    /** Checks all options and returns the capacity, a power of two, or 0 if it is not given. */
    private static int capacity(Endpoint endpoint) {
        endpoint.requireKnownOptions(CAPACITY, EndOption.KEY);
        EndOption.waitsForSenders(endpoint);
        long bytes = endpoint.bytes(CAPACITY, 0);
        if (bytes == 0) {
            return 0;
        }
        if (bytes < ChannelLayout.MIN_CAPACITY || bytes > ChannelLayout.MAX_CAPACITY) {
            throw new IllegalArgumentException("option " + CAPACITY + " of " + endpoint + ": " + bytes + " (expected: "
                    + ChannelLayout.MIN_CAPACITY + " to " + ChannelLayout.MAX_CAPACITY + ")");
        }
        return Integer.highestOneBit((int) bytes - 1) << 1;
    }
}
