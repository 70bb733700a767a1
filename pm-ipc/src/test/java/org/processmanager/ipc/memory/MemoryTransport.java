package org.processmanager.ipc.memory;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.sync.OpenMode;

/**
 * {@code memory:NAME}: many senders and one receiver within this JVM. A channel is kept with its messages until it is deleted.
 * Options: {@code capacity} in bytes, set by the end that creates the channel, and {@code end} as in the library.
 */
public final class MemoryTransport implements Transport {
    private static final int SMALLEST_CAPACITY = 4 << 10;
    private static final int LARGEST_CAPACITY = 1 << 30;
    private static final int DEFAULT_CAPACITY = 64 << 10;

    /** All loaded copies of this object open the same channels. */
    private static final ConcurrentMap<String, MemoryChannel> CHANNELS = new ConcurrentHashMap<>();

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        return new MemorySender(endpoint, open(endpoint, mode));
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        boolean waitsForSenders = waitsForSenders(endpoint);
        return new MemoryReceiver(endpoint, open(endpoint, mode), delivery, waitsForSenders);
    }

    @Override
    public boolean delete(Endpoint endpoint) {
        capacity(endpoint);
        MemoryChannel channel = CHANNELS.remove(endpoint.target());
        if (channel != null) {
            channel.delete();
        }
        return channel != null;
    }

    private static MemoryChannel open(Endpoint endpoint, OpenMode mode) {
        int capacity = capacity(endpoint);
        if (mode == OpenMode.OPEN_EXISTING) {
            MemoryChannel channel = CHANNELS.get(endpoint.target());
            if (channel == null) {
                throw new ChannelNotFoundException("cannot open " + endpoint + ": it does not exist; create it");
            }
            return channel;
        }
        MemoryChannel created = new MemoryChannel(capacity);
        MemoryChannel existing = CHANNELS.putIfAbsent(endpoint.target(), created);
        if (existing != null && mode == OpenMode.CREATE_NEW) {
            throw new ChannelExistsException("cannot create " + endpoint + ": it exists; delete it, or open it");
        }
        return existing == null ? created : existing;
    }

    /** Checks the endpoint and returns the capacity. */
    private static int capacity(Endpoint endpoint) {
        endpoint.requireKnownOptions("capacity", "end");
        waitsForSenders(endpoint);
        if (!endpoint.target().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("target of " + endpoint + " (expected: a name of letters and digits)");
        }
        long capacity = endpoint.bytes("capacity", DEFAULT_CAPACITY);
        if (capacity < SMALLEST_CAPACITY || capacity > LARGEST_CAPACITY) {
            throw new IllegalArgumentException("option capacity of " + endpoint + ": " + capacity + " (expected: "
                    + SMALLEST_CAPACITY + " to " + LARGEST_CAPACITY + ")");
        }
        return (int) capacity;
    }

    private static boolean waitsForSenders(Endpoint endpoint) {
        String end = endpoint.options().getOrDefault("end", "whenSendersGone");
        if (!end.equals("whenSendersGone") && !end.equals("never")) {
            throw new IllegalArgumentException(
                    "option end of " + endpoint + ": " + end + " (expected: whenSendersGone or never)");
        }
        return end.equals("never");
    }
}
