package org.processmanager.ipc.internal.mapped;

import java.nio.file.Path;
import java.util.Objects;
import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.internal.DescriptorPath;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.RegionLayout;

/** A mapped channel in a region without a name, whose descriptor is passed to children. */
final class MappedPair implements ChannelPair {
    private final Endpoint endpoint;
    private final Region region;
    private final int capacity;
    private final int senders;
    private final int longest;

    /**
     * Creates a channel.
     *
     * @param capacity of each lane, a power of two
     * @param senders how many there can be
     * @param longest the maximum length of a message; 0 is the default
     */
    static MappedPair create(Endpoint endpoint, int capacity, int senders, int longest) {
        if (!RegionFile.isNative() || !Memory.hasMemoryFiles()) {
            throw new UnsupportedOperationException("a mapped channel without a name (" + endpoint
                    + ") needs the native layer and memfd_create; give the channel a name, and pass Ipc.forChild");
        }
        MappedPair pair;
        try {
            Region region = Region.anonymous(RegionLayout.sizeFor(ChannelLayout.bytes(capacity, senders)));
            pair = new MappedPair(endpoint, region, capacity, senders, longest);
        } catch (RegionException e) {
            throw SystemFailure.of("cannot create " + endpoint + ": " + e.getMessage(), e);
        }
        boolean done = false;
        try {
            pair.open().close();
            done = true;
            return pair;
        } finally {
            if (!done) {
                pair.close();
            }
        }
    }

    private MappedPair(Endpoint endpoint, Region region, int capacity, int senders, int longest) {
        this.endpoint = endpoint;
        this.region = region;
        this.capacity = capacity;
        this.senders = senders;
        this.longest = longest;
    }

    @Override
    public MessageSender sender() {
        return MappedSender.open(open());
    }

    @Override
    public MessageReceiver receiver(Delivery delivery) {
        Objects.requireNonNull(delivery, "delivery");
        return MappedReceiver.open(open(), delivery);
    }

    @Override
    public Inheritable senderForChild() {
        return new End(region, "the sending end of " + endpoint);
    }

    @Override
    public Inheritable receiverForChild() {
        return new End(region, "the receiving end of " + endpoint);
    }

    /** Opens a handle of its own, as another process does. */
    private MappedChannel open() {
        int descriptor = region.childAccess().openDescriptor();
        try {
            return MappedChannel.open(
                    endpoint,
                    Path.of(DescriptorPath.of(descriptor)),
                    OpenMode.OPEN_OR_CREATE,
                    capacity,
                    senders,
                    longest);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot open " + endpoint, e);
        } finally {
            Files.close(descriptor);
        }
    }

    @Override
    public void close() {
        region.close();
    }

    /** The region for a child, which opens one of the ends. */
    private record End(Region region, String name) implements Inheritable {
        @Override
        public int openForChild() {
            return region.childAccess().openDescriptor();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
