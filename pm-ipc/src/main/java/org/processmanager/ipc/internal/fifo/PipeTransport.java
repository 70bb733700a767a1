package org.processmanager.ipc.internal.fifo;

import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.ipc.internal.DescriptorPath;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.OpenMode;

/**
 * {@code pipe:}: many senders and one receiver, through a pipe without a name, which {@link org.processmanager.ipc.Ipc#pair}
 * creates and whose ends are passed to children. A child opens it by {@code pipe:/proc/self/fd/N}. Everything else is as of
 * {@link FifoTransport}.
 */
public final class PipeTransport implements Transport {
    /** The scheme of this transport. */
    public static final String SCHEME = "pipe";

    private static final int STANDARD_STREAMS = 3;

    /** Creates the transport. */
    public PipeTransport() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public ChannelPair pair(Endpoint endpoint) {
        check(endpoint);
        ChannelPath.checkEmpty(endpoint);
        return PipePair.create(endpoint);
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        int descriptor = descriptor(endpoint, mode);
        PipePlace place = placeOf(endpoint, descriptor, Files.O_WRONLY);
        MessageSender sender = openSender(endpoint, place);
        takeOver(place, descriptor);
        return sender;
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        int descriptor = descriptor(endpoint, mode);
        PipePlace place = placeOf(endpoint, descriptor, Files.O_RDONLY);
        MessageReceiver receiver = openReceiver(endpoint, place, delivery);
        takeOver(place, descriptor);
        return receiver;
    }

    /** Opens a sender, which is connected: if the receiver is gone already, the first message reports that. */
    static MessageSender openSender(Endpoint endpoint, PipePlace place) {
        FifoSender sender = new FifoSender(endpoint, place, FifoTransport.maxBytes(endpoint));
        boolean done = false;
        try {
            sender.connect(Fifo.openForSending(place));
            done = true;
            return sender;
        } catch (PosixException e) {
            throw SystemFailure.of("cannot send to " + endpoint, e);
        } finally {
            if (!done) {
                sender.close();
            }
        }
    }

    static MessageReceiver openReceiver(Endpoint endpoint, PipePlace place, Delivery delivery) {
        return FifoReceiver.open(
                endpoint,
                place,
                OpenMode.OPEN_EXISTING,
                delivery,
                FifoTransport.maxBytes(endpoint),
                FifoTransport.pipeBytes(endpoint));
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        throw new UnsupportedOperationException("cannot pass " + endpoint
                + " to a child by name: pass senderForChild() or receiverForChild() of Ipc.pair(\"pipe:\")");
    }

    private static int descriptor(Endpoint endpoint, OpenMode mode) {
        check(endpoint);
        int descriptor = DescriptorPath.descriptor(endpoint.target())
                .orElseThrow(() -> new IllegalArgumentException("target of " + endpoint + ": \"" + endpoint.target()
                        + "\" (expected: /proc/self/fd/N, as Ipc.inherited returns; a pipe has no name: create one by"
                        + " Ipc.pair(\"pipe:\"), or use fifo: for a channel with a name)"));
        if (mode == OpenMode.CREATE_NEW) {
            throw new IllegalArgumentException("mode: CREATE_NEW for " + endpoint
                    + " (expected: OPEN_EXISTING or OPEN_OR_CREATE; Ipc.pair creates a pipe)");
        }
        return descriptor;
    }

    private static void check(Endpoint endpoint) {
        FifoTransport.maxBytes(endpoint);
        OfdLocks.require("a pipe (" + endpoint + "; mapped: works without)");
    }

    private static PipePlace placeOf(Endpoint endpoint, int descriptor, int access) {
        PipePlace place = PipePlace.of(endpoint.toString(), descriptor);
        boolean done = false;
        try {
            int flags = Files.flags(descriptor);
            boolean taken = (flags & Files.O_PATH) != 0;
            if (!taken && (flags & Files.O_ACCMODE) != access && (flags & Files.O_ACCMODE) != Files.O_RDWR) {
                throw new ChannelException("cannot " + (access == Files.O_WRONLY ? "send to " : "receive from ")
                        + endpoint + ": this process has its " + (access == Files.O_WRONLY ? "receiving" : "sending")
                        + " end");
            }
            done = true;
            return place;
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + endpoint, e);
        } finally {
            if (!done) {
                place.close();
            }
        }
    }

    /** From now on, only the ends that this process opens and closes are open; the descriptor still leads to the pipe. */
    private static void takeOver(PipePlace place, int descriptor) {
        if (descriptor >= STANDARD_STREAMS) {
            place.takeOver(descriptor); // cannot fail: it was open just now
        }
    }
}
