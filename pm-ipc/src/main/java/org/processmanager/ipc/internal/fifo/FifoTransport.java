package org.processmanager.ipc.internal.fifo;

import java.nio.file.Path;
import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.sync.OpenMode;

/**
 * {@code fifo:NAME-or-PATH}: many senders, one receiver, through a named pipe of the operating system.
 *
 * <p>The receiver makes the FIFO and removes the one it made; a sender never does, and may be there first. The FIFO of a
 * receiver that was killed stays; the next one uses it, and leaves it there. What lies in the
 * pipe is lost when the receiver closes or dies, and so is what the receiver has read and not yet handed over. Options:
 * {@code capacity}, the size of the pipe that a receiver asks for, and {@code max}, the longest message (16m), which both
 * ends give alike; a receiver holds at most four times as much for messages that come in pieces.
 */
public final class FifoTransport implements Transport {
    static final String CAPACITY = "capacity";
    static final String MAX = "max";
    static final int DEFAULT_MAX_BYTES = 16 << 20;
    /** Above it the pieces of four senders at once would not fit an array's worth of memory. */
    static final int LARGEST_MAX_BYTES = 256 << 20;

    private static final int LARGEST_PIPE_BYTES = 1 << 30;

    /** Called by the service loader. */
    public FifoTransport() {}

    @Override
    public String scheme() {
        return "fifo";
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        endpoint.requireKnownOptions(CAPACITY, MAX);
        int max = maxBytes(endpoint);
        pipeBytes(endpoint);
        NativeLayer.require("a FIFO (" + endpoint + ")");
        if (mode == OpenMode.CREATE_NEW) {
            throw new IllegalArgumentException("mode: CREATE_NEW for the sender of " + endpoint
                    + " (expected: OPEN_EXISTING or OPEN_OR_CREATE, since only a receiver makes a FIFO)");
        }
        Path path = ChannelPath.of(endpoint);
        Fifo.checkForSending(path, mode);
        return new FifoSender(endpoint, path, max);
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        endpoint.requireKnownOptions(CAPACITY, MAX);
        int max = maxBytes(endpoint);
        int pipeBytes = pipeBytes(endpoint);
        NativeLayer.require("a FIFO (" + endpoint + ")");
        Path path = ChannelPath.of(endpoint);
        if (mode != OpenMode.OPEN_EXISTING) {
            ChannelPath.makeFolder(endpoint);
        }
        return new FifoReceiver(endpoint, Fifo.openForReceiving(path, mode), delivery, max, pipeBytes);
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        endpoint.requireKnownOptions(CAPACITY, MAX);
        maxBytes(endpoint);
        pipeBytes(endpoint);
        return ChannelPath.forChild(endpoint);
    }

    /** What to ask the kernel for; 0 for what it gives unasked. */
    private static int pipeBytes(Endpoint endpoint) {
        return (int) Math.min(endpoint.bytes(CAPACITY, 0), LARGEST_PIPE_BYTES);
    }

    private static int maxBytes(Endpoint endpoint) {
        long max = endpoint.bytes(MAX, DEFAULT_MAX_BYTES);
        if (max > LARGEST_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "option max of " + endpoint + ": " + max + " (expected: at most " + LARGEST_MAX_BYTES + ")");
        }
        return (int) max;
    }
}
