package org.processmanager.ipc.internal.mapped;

import java.nio.file.Path;
import java.util.List;
import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.ipc.internal.CountOption;
import org.processmanager.ipc.internal.EndOption;
import org.processmanager.ipc.internal.SizeOption;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.broadcast.Broadcast;
import org.processmanager.ipc.internal.channel.ChannelRegion;
import org.processmanager.ipc.internal.queue.Queue;
import org.processmanager.ipc.internal.stream.MaxOption;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.object.ObjectType;

/**
 * {@code mapped:NAME-or-PATH}: one sender or several, each with a ring buffer of its own in shared memory, and one receiver. The
 * first end creates the channel; it outlives all ends with its messages, until it is deleted. The options are documented at
 * {@link org.processmanager.ipc.Ipc}.
 */
public final class MappedTransport implements Transport {
    /** The scheme of this transport. */
    public static final String SCHEME = "mapped";

    static final int DEFAULT_CAPACITY = 64 << 10;

    private static final String CAPACITY = "capacity";
    private static final String SENDERS = "senders";
    private static final String MODE = "mode";

    /** The forms of a channel. */
    private static final List<ObjectType> TYPES = List.of(ChannelLayout.TYPE, Broadcast.TYPE, Queue.TYPE);

    /** Creates the transport. */
    public MappedTransport() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
        checkOptions(endpoint);
        try {
            return switch (form(endpoint)) {
                case Broadcast.MODE -> Broadcast.openSender(endpoint, path(endpoint, mode), mode, MODE);
                case Queue.MODE -> Queue.openSender(endpoint, path(endpoint, mode), mode, MODE);
                default -> MappedSender.open(open(endpoint, mode));
            };
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + endpoint, e);
        } catch (ChannelException e) {
            return openSender(withModeOfChannel(endpoint, e), mode);
        }
    }

    @Override
    public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        checkOptions(endpoint);
        try {
            return switch (form(endpoint)) {
                case Broadcast.MODE -> Broadcast.openReceiver(endpoint, path(endpoint, mode), mode, MODE, delivery);
                case Queue.MODE -> Queue.openReceiver(endpoint, path(endpoint, mode), mode, MODE, delivery);
                default -> MappedReceiver.open(open(endpoint, mode), delivery);
            };
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + endpoint, e);
        } catch (ChannelException e) {
            return openReceiver(withModeOfChannel(endpoint, e), mode, delivery);
        }
    }

    @Override
    public boolean delete(Endpoint endpoint) {
        checkOptions(endpoint);
        return ChannelRegion.delete(endpoint, ChannelPath.of(endpoint), TYPES);
    }

    @Override
    public ChannelInspection inspect(Endpoint endpoint) {
        checkOptions(endpoint);
        return ChannelInspector.inspect(endpoint, ChannelPath.of(endpoint));
    }

    @Override
    public List<KeptMessage> lastMessages(Endpoint endpoint, int limit) {
        checkOptions(endpoint);
        return ChannelInspector.lastMessages(endpoint, ChannelPath.of(endpoint), limit);
    }

    @Override
    public Inheritable forChild(Endpoint endpoint) {
        checkOptions(endpoint);
        return ChannelPath.forChild(endpoint);
    }

    @Override
    public ChannelPair pair(Endpoint endpoint) {
        checkOptions(endpoint);
        ChannelPath.checkEmpty(endpoint);
        if (!form(endpoint).isEmpty()) {
            throw new UnsupportedOperationException("cannot create a pair of " + endpoint + ": channels with option "
                    + MODE + " need a name; give the children the endpoint by Ipc.forChild");
        }
        int capacity = capacity(endpoint);
        return MappedPair.create(
                endpoint,
                capacity == 0 ? DEFAULT_CAPACITY : capacity,
                Math.max(1, senders(endpoint)),
                longest(endpoint));
    }

    private static void checkOptions(Endpoint endpoint) {
        switch (form(endpoint)) {
            case Broadcast.MODE -> Broadcast.checkOptions(endpoint, MODE);
            case Queue.MODE -> Queue.checkOptions(endpoint, MODE);
            case "" -> {
                endpoint.requireKnownOptions(MODE, CAPACITY, SENDERS, MaxOption.KEY, EndOption.KEY);
                EndOption.waitsForSenders(endpoint);
                longest(endpoint);
                checkSize(endpoint, capacity(endpoint), senders(endpoint));
            }
            default ->
                throw new IllegalArgumentException("option " + MODE + " of " + endpoint + ": " + form(endpoint)
                        + " (expected: " + Broadcast.MODE + " or " + Queue.MODE + ")");
        }
    }

    /** Returns the form of the channel as it is given; empty if it is not. */
    private static String form(Endpoint endpoint) {
        return endpoint.options().getOrDefault(MODE, "");
    }

    /**
     * Returns an endpoint without a mode, which was not opened because the channel has another form, with that mode.
     *
     * @throws ChannelException the failure, if that is not the reason
     */
    private static Endpoint withModeOfChannel(Endpoint endpoint, ChannelException failure) {
        if (!endpoint.options().containsKey(MODE)
                && failure.getCause() instanceof RegionException cause
                && cause.reason() == RegionException.Reason.TYPE_MISMATCH) {
            ObjectType found = ChannelRegion.typeOf(ChannelPath.of(endpoint), List.of(Broadcast.TYPE, Queue.TYPE));
            if (found != null) {
                return endpoint.with(MODE, found.name());
            }
        }
        throw failure;
    }

    private static Path path(Endpoint endpoint, OpenMode mode) {
        Path path = ChannelPath.of(endpoint);
        if (mode != OpenMode.OPEN_EXISTING) {
            ChannelPath.createDirectory(endpoint);
        }
        return path;
    }

    private static MappedChannel open(Endpoint endpoint, OpenMode mode) {
        return MappedChannel.open(
                endpoint, path(endpoint, mode), mode, capacity(endpoint), senders(endpoint), longest(endpoint));
    }

    /** Returns the capacity of a lane, a power of two, or 0 if it is not given. */
    private static int capacity(Endpoint endpoint) {
        int bytes = SizeOption.bytes(endpoint, CAPACITY, ChannelLayout.MIN_CAPACITY, ChannelLayout.MAX_CAPACITY);
        return bytes == 0 ? 0 : Integer.highestOneBit(bytes - 1) << 1;
    }

    /** Returns how many senders there can be, or 0 if it is not given. */
    private static int senders(Endpoint endpoint) {
        return CountOption.of(endpoint, SENDERS, ChannelLayout.MAX_SENDERS);
    }

    /** Returns the maximum length of a message, or 0 if it is not given. */
    private static int longest(Endpoint endpoint) {
        return endpoint.options().containsKey(MaxOption.KEY) ? MaxOption.bytes(endpoint) : 0;
    }

    private static void checkSize(Endpoint endpoint, int capacity, int senders) {
        long bytes = ChannelLayout.bytes(capacity == 0 ? DEFAULT_CAPACITY : capacity, Math.max(1, senders));
        if (senders > 1 && bytes > ChannelLayout.MAX_CAPACITY) {
            throw new IllegalArgumentException("options " + CAPACITY + " and " + SENDERS + " of " + endpoint + ": "
                    + bytes + " bytes for all lanes (expected: at most " + ChannelLayout.MAX_CAPACITY + ")");
        }
    }
}
