package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.ChannelStatus;
import org.processmanager.ipc.ChannelStatus.Peer;
import org.processmanager.ipc.ChannelStatus.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * An open channel: a region of its own with one object in it. Both ends of one JVM open it for themselves, since a handle on
 * a region is a participant, and a seat belongs to one.
 */
final class MappedChannel implements AutoCloseable {
    private static final int OPEN_ATTEMPTS = 64;

    final Endpoint endpoint;
    final Region region;
    final ByteBuffer memory;
    final int offset;
    final int capacity;
    final ChannelSlot senderSeat;
    final ChannelSlot receiverSeat;
    final WaitWord senderWait;
    final WaitWord receiverWait;

    private MappedChannel(Endpoint endpoint, Region region, RegionObject object) {
        this.endpoint = endpoint;
        this.region = region;
        this.memory = region.memory();
        this.offset = object.offset();
        this.capacity = object.dimension(0);
        this.senderSeat = new ChannelSlot(region, ChannelLayout.senderSeat(offset));
        this.receiverSeat = new ChannelSlot(region, ChannelLayout.receiverSeat(offset));
        this.senderWait = new WaitWord(memory, ChannelLayout.senderWait(offset), region.parking());
        this.receiverWait = new WaitWord(memory, ChannelLayout.receiverWait(offset), region.parking());
    }

    /**
     * Opens or creates a channel.
     *
     * @param capacity of the lane, a power of two, or 0 for whatever it has, and the usual one if it is created
     */
    static MappedChannel open(Endpoint endpoint, Path path, OpenMode mode, int capacity) {
        try {
            Region region = openRegion(path, mode, capacity == 0 ? MappedTransport.DEFAULT_CAPACITY : capacity);
            try {
                return openChannel(endpoint, region, mode, capacity);
            } catch (RuntimeException e) {
                region.close();
                throw e;
            }
        } catch (RegionException e) {
            String message = "cannot open " + endpoint + ": " + e.getMessage();
            throw switch (e.reason()) {
                case NOT_FOUND, DELETED ->
                    mode == OpenMode.OPEN_EXISTING
                            ? new ChannelNotFoundException(message)
                            : new ChannelException(message, e);
                case ALREADY_EXISTS -> new ChannelExistsException(message);
                default -> new ChannelException(message, e);
            };
        }
    }

    /** What exists is taken with the size that it has; what is created gets the size for this capacity. */
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
                if (e.reason() != Reason.NOT_FOUND && e.reason() != Reason.DELETED) {
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
        throw new RegionException(Reason.BUSY, path + " is created and deleted all the time", last);
    }

    private static MappedChannel openChannel(Endpoint endpoint, Region region, OpenMode mode, int wanted) {
        // In this order: what is there before the look for the channel is the channel, or a stranger's; objects stay.
        boolean hadObjects = region.objects().any();
        Optional<RegionObject> existing = region.objects().find(ChannelLayout.NAME, ChannelLayout.KIND);
        if (existing.isEmpty() && hadObjects) {
            throw new ChannelException("cannot open " + endpoint + ": region " + region.path()
                    + " holds other things and no channel; choose another name");
        }
        if (existing.isEmpty() && mode == OpenMode.OPEN_EXISTING) {
            throw new ChannelNotFoundException("cannot open " + endpoint
                    + ": its creator has not finished, or died before; try again, or create it");
        }
        RegionObject object = existing.orElseGet(() -> create(region, wanted == 0 ? roomFor(region) : wanted));
        int capacity = object.dimension(0);
        if (wanted != 0 && wanted != capacity) {
            throw new ChannelException("cannot open " + endpoint + ": it has capacity " + capacity
                    + "; leave the option out, or choose another name");
        }
        if (capacity < ChannelLayout.MIN_CAPACITY
                || Integer.bitCount(capacity) != 1
                || object.bytes() != ChannelLayout.bytes(capacity)) {
            throw new ChannelException("cannot open " + endpoint + ": its capacity is " + capacity + " in an object of "
                    + object.bytes() + " bytes, which does not fit together; delete it");
        }
        MappedChannel channel = new MappedChannel(endpoint, region, object);
        channel.checkSound();
        return channel;
    }

    private static RegionObject create(Region region, int capacity) {
        return region.objects()
                .findOrCreate(
                        ChannelLayout.NAME,
                        ChannelLayout.KIND,
                        new int[] {capacity},
                        ChannelLayout.bytes(capacity),
                        (memory, offset) -> {});
    }

    /** The capacity that the region's creator meant: the largest that fits. */
    private static int roomFor(Region region) {
        int capacity = ChannelLayout.MIN_CAPACITY;
        while (capacity < ChannelLayout.MAX_CAPACITY
                && RegionLayout.sizeFor(ChannelLayout.bytes(capacity * 2))
                        <= region.memory().capacity()) {
            capacity *= 2;
        }
        return capacity;
    }

    /** Takes a seat, or says who has it. */
    void take(ChannelSlot seat, Role role) {
        int holder = seat.take();
        if (holder != 0) {
            int slot = Participants.slot(holder);
            String verb = role == Role.SENDER ? "send to " : "receive from ";
            throw new ChannelBusyException(
                    "cannot " + verb + endpoint + ": the " + role.name().toLowerCase(java.util.Locale.ROOT) + " is "
                            + region.participants().describe(slot) + "; a one-to-one channel has one at a time",
                    region.participants().pid(slot));
        }
    }

    /**
     * Refuses a channel that somebody found damaged.
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

    /** Whether its region was deleted: nobody finds it any more. */
    boolean isDeleted() {
        try {
            region.checkUsable();
            return false;
        } catch (RegionException e) {
            return true;
        }
    }

    ChannelStatus status(Role role, long messages) {
        List<Peer> peers = new ArrayList<>();
        long backlog = backlogBytes();
        boolean connected = addPeer(peers, senderSeat, Role.SENDER, 0);
        boolean receiver = addPeer(peers, receiverSeat, Role.RECEIVER, backlog);
        return new ChannelStatus(
                endpoint, role == Role.SENDER ? receiver : connected, peers, messages, backlog, capacity);
    }

    private boolean addPeer(List<Peer> peers, ChannelSlot seat, Role role, long lagBytes) {
        int owner = seat.ownerVolatile();
        Participants participants = region.participants();
        if (!participants.isSlot(owner)) {
            return false;
        }
        int slot = Participants.slot(owner);
        boolean alive = !participants.isDead(slot, Participants.generation(owner));
        peers.add(new Peer(role, participants.pid(slot), participants.name(slot), alive, lagBytes));
        return alive;
    }

    /** How much was committed and not released: from what the sender last said, over the few records behind that. */
    private long backlogBytes() {
        long released = Words.longOpaque(memory, ChannelLayout.released(offset)) & -LaneLayout.ALIGNMENT;
        long backlog = Words.longOpaque(memory, ChannelLayout.tail(offset)) - released;
        if (backlog < 0 || backlog > capacity) {
            backlog = 0; // the sender's line lags by more than there is, or is damaged
        }
        // Both ends may be at work, so what is read is not believed further than it must be.
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
}
