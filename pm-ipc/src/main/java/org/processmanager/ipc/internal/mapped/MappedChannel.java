package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Peer;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * An open channel: a region with one object in it. Two ends in one JVM open it twice, because a handle on a region is a
 * participant, and a slot belongs to one participant.
 */
final class MappedChannel implements AutoCloseable {
    static {
        // Also known without the service file, which is lost where jars are merged into one.
        new ChannelObjectTypes().register();
    }

    private static final int OPEN_ATTEMPTS = 64;
    private static final ObjectDirectory.Initializer ALL_ZERO = new AllZero();

    final Endpoint endpoint;
    final Region region;
    final ByteBuffer memory;
    final int offset;
    final int capacity;
    final ChannelSlot senderSlot;
    final ChannelSlot receiverSlot;
    final WaitWord senderWait;
    final WaitWord receiverWait;

    private MappedChannel(Endpoint endpoint, Region region, RegionObject object) {
        this.endpoint = endpoint;
        this.region = region;
        this.memory = region.memory();
        this.offset = object.offset();
        this.capacity = object.dimension(0);
        this.senderSlot = new ChannelSlot(region, ChannelLayout.senderSlot(offset));
        this.receiverSlot = new ChannelSlot(region, ChannelLayout.receiverSlot(offset));
        this.senderWait = new WaitWord(memory, ChannelLayout.senderWait(offset), region.parking());
        this.receiverWait = new WaitWord(memory, ChannelLayout.receiverWait(offset), region.parking());
    }

    /**
     * Opens or creates a channel.
     *
     * @param capacity of the lane, a power of two; 0 accepts any, and means the default if the channel is created
     */
    static MappedChannel open(Endpoint endpoint, Path path, OpenMode mode, int capacity) {
        for (int attempt = 1; ; attempt++) {
            try {
                return tryOpen(endpoint, path, mode, capacity);
            } catch (RegionException e) {
                if (isGone(e) && mode == OpenMode.OPEN_OR_CREATE && attempt < OPEN_ATTEMPTS) {
                    continue; // deleted while it was opened
                }
                throw cannotOpen(endpoint, mode, e);
            }
        }
    }

    private static MappedChannel tryOpen(Endpoint endpoint, Path path, OpenMode mode, int capacity) {
        Region region = openRegion(path, mode, capacity == 0 ? MappedTransport.DEFAULT_CAPACITY : capacity);
        boolean done = false;
        try {
            MappedChannel channel = openChannel(endpoint, region, mode, capacity);
            done = true;
            return channel;
        } finally {
            if (!done) {
                region.close();
            }
        }
    }

    private static ChannelException cannotOpen(Endpoint endpoint, OpenMode mode, RegionException e) {
        String message = "cannot open " + endpoint + ": " + e.getMessage();
        if (isMissing(e) && mode == OpenMode.OPEN_EXISTING) {
            return new ChannelNotFoundException(message);
        }
        if (e.reason() == Reason.ALREADY_EXISTS) {
            return new ChannelExistsException(message);
        }
        return SystemFailure.of(message, e);
    }

    /** Deletes a channel; returns whether there was one. */
    static boolean delete(Endpoint endpoint, Path path) {
        try (Region region = Region.open(path, OpenMode.OPEN_EXISTING, 0)) {
            boolean hadObjects = region.objects().any();
            if (hadObjects && find(region).isEmpty()) {
                throw otherContent("delete", endpoint, region);
            }
            region.delete();
            return true;
        } catch (RegionException e) {
            if (isMissing(e)) {
                return false;
            }
            throw SystemFailure.of("cannot delete " + endpoint + ": " + e.getMessage(), e);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot delete " + endpoint, e);
        }
    }

    private static boolean isGone(RegionException e) {
        return e.reason() == Reason.DELETED || e.reason() == Reason.REPLACED;
    }

    private static boolean isMissing(RegionException e) {
        return e.reason() == Reason.NOT_FOUND || e.reason() == Reason.DELETED;
    }

    /** An existing region is accepted with its size; a new one gets the size for this capacity. */
    private static Region openRegion(Path path, OpenMode mode, int capacity) {
        long bytes = RegionLayout.sizeFor(ChannelLayout.bytes(capacity));
        if (mode != OpenMode.OPEN_OR_CREATE) {
            return Region.open(path, mode, mode == OpenMode.CREATE_NEW ? bytes : 0);
        }
        RegionException last = null;
        for (int i = 0; i < OPEN_ATTEMPTS; i++) {
            try {
                return Region.open(path, OpenMode.OPEN_EXISTING, 0);
            } catch (RegionException e) {
                if (!isMissing(e)) {
                    throw e;
                }
            }
            try {
                return Region.open(path, OpenMode.CREATE_NEW, bytes);
            } catch (RegionException e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw e;
                }
                last = e;
            }
        }
        throw new RegionException(
                Reason.BUSY,
                path + " was created and deleted by other processes " + OPEN_ATTEMPTS + " times meanwhile",
                last);
    }

    private static MappedChannel openChannel(Endpoint endpoint, Region region, OpenMode mode, int wanted) {
        // In this order: an object that exists before the search is the channel or foreign, since objects stay.
        boolean hadObjects = region.objects().any();
        Optional<RegionObject> existing = find(region);
        if (existing.isEmpty() && hadObjects) {
            throw otherContent("open", endpoint, region);
        }
        if (existing.isEmpty() && mode == OpenMode.OPEN_EXISTING) {
            throw new ChannelNotFoundException(
                    "cannot open " + endpoint + ": its creator has not finished, or died before; retry, or create it");
        }
        RegionObject object =
                existing.isPresent() ? existing.get() : create(region, wanted == 0 ? capacityFor(region) : wanted);
        int capacity = object.dimension(0);
        if (wanted != 0 && wanted != capacity) {
            throw new ChannelException("cannot open " + endpoint + ": it has capacity " + capacity
                    + "; omit the option, or choose another name");
        }
        if (capacity < ChannelLayout.MIN_CAPACITY
                || Integer.bitCount(capacity) != 1
                || object.bytes() != ChannelLayout.bytes(capacity)) {
            throw new ChannelException("cannot open " + endpoint + ": its capacity is " + capacity + " in an object of "
                    + object.bytes() + " bytes, which is inconsistent; delete it");
        }
        MappedChannel channel = new MappedChannel(endpoint, region, object);
        channel.checkSound();
        return channel;
    }

    private static Optional<RegionObject> find(Region region) {
        return Optional.ofNullable(region.objects().find(ChannelLayout.NAME, ChannelLayout.TYPE));
    }

    private static RegionObject create(Region region, int capacity) {
        return region.objects()
                .findOrCreate(
                        ChannelLayout.NAME,
                        ChannelLayout.TYPE,
                        new int[] {capacity},
                        ChannelLayout.bytes(capacity),
                        ALL_ZERO);
    }

    /** Returns the capacity that the region's creator meant: the largest that fits. */
    private static int capacityFor(Region region) {
        int capacity = ChannelLayout.MIN_CAPACITY;
        while (capacity < ChannelLayout.MAX_CAPACITY
                && RegionLayout.sizeFor(ChannelLayout.bytes(capacity * 2))
                        <= region.memory().capacity()) {
            capacity *= 2;
        }
        return capacity;
    }

    private static ChannelException otherContent(String verb, Endpoint endpoint, Region region) {
        return new ChannelException("cannot " + verb + " " + endpoint + ": region " + region.path()
                + " holds other objects and no channel; choose another name");
    }

    /**
     * Takes a slot.
     *
     * @throws ChannelBusyException naming the living participant that has it
     */
    void take(ChannelSlot slot, Role role) {
        int holder = slot.take();
        if (holder != 0) {
            int holderSlot = Participants.slot(holder);
            String verb = role == Role.SENDER ? "send to " : "receive from ";
            throw new ChannelBusyException(
                    "cannot " + verb + endpoint + ": the " + role.name().toLowerCase(Locale.ROOT) + " is "
                            + region.participants().describe(holderSlot) + "; a one-to-one channel has one at a time",
                    region.participants().pid(holderSlot));
        }
    }

    /**
     * Rejects a channel that was found damaged.
     *
     * @throws ChannelCorruptException if so
     */
    void checkSound() {
        long position = ChannelLayout.damagePosition(memory, offset);
        if (position >= 0) {
            throw new ChannelCorruptException(
                    endpoint + " is damaged at position " + position + ", as was found before; delete it", position);
        }
    }

    /** Returns whether its region was deleted or its file replaced, so that no other process will open it. */
    boolean isDeleted() {
        // The first read orders the second, which is cheaper than one that orders itself: every offer does this.
        return region.isUnusable() || (RegionLayout.flagsPlain(memory) & RegionLayout.CLOSED_FOR_ALL) != 0;
    }

    ChannelSnapshot snapshot(Role role, long messages) {
        List<Peer> peers = new ArrayList<>();
        long backlog = backlogBytes();
        boolean sender;
        boolean receiver;
        try {
            sender = addPeer(peers, senderSlot, Role.SENDER, 0);
            receiver = addPeer(peers, receiverSlot, Role.RECEIVER, backlog);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot find the ends of " + endpoint, e);
        }
        return new ChannelSnapshot(
                endpoint, role == Role.SENDER ? receiver : sender, peers, messages, backlog, capacity);
    }

    private boolean addPeer(List<Peer> peers, ChannelSlot slot, Role role, long lagBytes) {
        int owner = slot.ownerVolatile();
        Participants participants = region.participants();
        if (!participants.isSlot(owner)) {
            return false;
        }
        int ownerSlot = Participants.slot(owner);
        boolean alive = !participants.isDead(ownerSlot, Participants.generation(owner));
        peers.add(new Peer(role, participants.pid(ownerSlot), participants.name(ownerSlot), alive, lagBytes));
        return alive;
    }

    /** Returns the bytes committed and not released: up to the published tail, and the few records behind it. */
    private long backlogBytes() {
        long released = Words.longOpaque(memory, ChannelLayout.released(offset)) & -LaneLayout.ALIGNMENT;
        long backlog = Words.longOpaque(memory, ChannelLayout.tail(offset)) - released;
        if (backlog < 0 || backlog > capacity) {
            backlog = 0; // the published tail lags behind released, or is damaged
        }
        // Both ends may be active, so each value is used only after a check.
        while (backlog < capacity) {
            int index = (int) (released + backlog) & (capacity - 1);
            long header = LaneLayout.headerAcquire(memory, ChannelLayout.lane(offset) + index);
            int bytes = header == 0 ? 0 : LaneLayout.checkedRecordBytes(header, index, capacity);
            if (bytes == 0) {
                break;
            }
            backlog += bytes;
        }
        return Math.min(backlog, capacity);
    }

    @Override
    public void close() {
        region.close();
    }

    /** A new channel needs no content beside the zeros of new memory. */
    private static final class AllZero implements ObjectDirectory.Initializer {
        @Override
        public void initialize(ByteBuffer memory, int offset) {
            // zero already
        }
    }
}
