package org.processmanager.ipc.internal.mapped;

import java.nio.file.Path;
import org.processmanager.core.Inheritable;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.sync.OpenMode;

/**
 * {@code mapped:NAME-or-PATH}: one sender, one receiver, through a ring in shared memory. Whoever comes first creates it; it
 * outlives both, with what is in it, until its file is deleted.
 *
 * <p>Option {@code capacity}: how many bytes the ring has, 64k if nothing is said, rounded up to a power of two. A message
 * takes its length, rounded up to 8, and 8 more; the longest is half the capacity less 8. Who opens an existing channel
 * leaves the option out or repeats it.
 */
public final class MappedTransport implements Transport {
    static final int DEFAULT_CAPACITY = 64 << 10;

    private static final String CAPACITY = "capacity";

    /** Called by the service loader. */
    public MappedTransport() {}

    @Override
    public String scheme() {
        return "mapped";
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        return MappedSender.open(open(endpoint, mode));
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        return MappedReceiver.open(open(endpoint, mode), delivery);
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        endpoint.requireKnownOptions(CAPACITY);
        capacity(endpoint);
        return ChannelPath.forChild(endpoint);
    }

    private static MappedChannel open(Endpoint endpoint, OpenMode mode) {
        endpoint.requireKnownOptions(CAPACITY);
        int capacity = capacity(endpoint);
        Path path = ChannelPath.of(endpoint);
        if (mode != OpenMode.OPEN_EXISTING) {
            ChannelPath.makeFolder(endpoint);
        }
        return MappedChannel.open(endpoint, path, mode, capacity);
    }

    /** A power of two, or 0 where the option is not given. */
    private static int capacity(Endpoint endpoint) {
        long bytes = endpoint.bytes(CAPACITY, 0);
        if (bytes > ChannelLayout.MAX_CAPACITY) {
            throw new IllegalArgumentException("option " + CAPACITY + " of " + endpoint + ": " + bytes
                    + " (expected: at most " + ChannelLayout.MAX_CAPACITY + ")");
        }
        if (bytes == 0) {
            return 0;
        }
        int atLeast = (int) Math.max(bytes, ChannelLayout.MIN_CAPACITY);
        return Integer.highestOneBit(atLeast - 1) << 1;
    }
}
