package org.processmanager.ipc.internal.fifo;

import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.ipc.internal.EndOption;
import org.processmanager.ipc.internal.SizeOption;
import org.processmanager.ipc.internal.stream.MaxOption;
import org.processmanager.sync.OpenMode;

/**
 * {@code fifo:NAME-or-PATH}: many senders and one receiver, through a named pipe of the operating system. The options are
 * documented at {@link org.processmanager.ipc.Ipc}.
 *
 * <p>The receiver creates the FIFO, and removes it if it has created it. A sender never creates one and may be opened first.
 * The FIFO of a killed receiver remains; the next receiver uses it and leaves it. When a receiver closes or dies, the messages
 * in the pipe are lost, and those that it has read but not yet delivered.
 */
public final class FifoTransport implements Transport {
    /** The scheme of this transport. */
    public static final String SCHEME = "fifo";

    static final String CAPACITY = "capacity";
    private static final int SMALLEST_PIPE_BYTES = 4 << 10;
    private static final int LARGEST_PIPE_BYTES = 1 << 30;

    /** Creates the transport. */
    public FifoTransport() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        int max = maxBytes(endpoint);
        OfdLocks.require("a FIFO (" + endpoint + ")");
        if (mode == OpenMode.CREATE_NEW) {
            throw new IllegalArgumentException("mode: CREATE_NEW for the sender of " + endpoint
                    + " (expected: OPEN_EXISTING or OPEN_OR_CREATE, since only a receiver creates a FIFO)");
        }
        PipePlace place = place(endpoint);
        Fifo.checkForSending(place, mode);
        return new FifoSender(endpoint, place, max);
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        int max = maxBytes(endpoint);
        OfdLocks.require("a FIFO (" + endpoint + ")");
        PipePlace place = place(endpoint);
        if (mode != OpenMode.OPEN_EXISTING) {
            ChannelPath.createDirectory(endpoint);
        }
        return FifoReceiver.open(endpoint, place, mode, delivery, max, pipeBytes(endpoint));
    }

    @Override
    public boolean delete(Endpoint endpoint) {
        maxBytes(endpoint);
        OfdLocks.require("a FIFO (" + endpoint + ")");
        return Fifo.delete(place(endpoint));
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        maxBytes(endpoint);
        return ChannelPath.forChild(endpoint);
    }

    private static PipePlace place(Endpoint endpoint) {
        return PipePlace.named(ChannelPath.of(endpoint));
    }

    /** Returns the pipe size to request from the kernel, or 0 for its default. */
    static int pipeBytes(Endpoint endpoint) {
        return SizeOption.bytes(endpoint, CAPACITY, SMALLEST_PIPE_BYTES, LARGEST_PIPE_BYTES);
    }

    /** Checks all options and returns the longest message. */
    static int maxBytes(Endpoint endpoint) {
        endpoint.requireKnownOptions(CAPACITY, MaxOption.KEY, EndOption.KEY);
        EndOption.waitsForSenders(endpoint);
        pipeBytes(endpoint);
        return MaxOption.bytes(endpoint);
    }
}
