package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.ipc.ChannelSnapshot.Peer;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.ChannelRegion;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.ipc.internal.stream.MaxOption;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * An open channel: a region with one object in it. Two ends in one JVM open it twice, because a handle on a region is a
 * participant, and a slot belongs to one participant.
 */
final class MappedChannel implements AutoCloseable {
    static {
        // Also known without the service file, which is lost where jars are merged into one.
        new ChannelObjectTypes().register();
    }

    private static final ObjectDirectory.Initializer ALL_ZERO = new AllZero();

    final Endpoint endpoint;
    final Region region;
    final ByteBuffer memory;
    final int capacity;
    final int longestMessage;
    final List<ChannelLane> lanes;
    final EndSlot receiverSlot;
    final WaitWord receiverWait;

    private MappedChannel(Endpoint endpoint, Region region, RegionObject object) {
        this.endpoint = endpoint;
        this.region = region;
        this.memory = region.memory();
        this.capacity = object.dimension(0);
        this.longestMessage = object.dimension(2);
        int offset = object.offset();
        this.receiverSlot = ChannelLayout.slot(region, ChannelLayout.receiverSlot(offset));
        this.receiverWait = new WaitWord(memory, ChannelLayout.receiverWait(offset), region.parking());
        int senders = object.dimension(1);
        List<ChannelLane> all = new ArrayList<>();
        for (int lane = 0; lane < senders; lane++) {
            Object subject = senders == 1 ? endpoint : "lane " + lane + " of " + endpoint;
            all.add(new ChannelLane(
                    region, ChannelLayout.block(offset, capacity, lane), capacity, longestMessage, subject));
        }
        this.lanes = List.copyOf(all);
    }

    /**
     * Opens or creates a channel.
     *
     * @param capacity of each lane, a power of two; 0 accepts any, and means the default if the channel is created
     * @param senders how many there can be; 0 accepts any number, and means 1 if the channel is created
     * @param longest the maximum length of a message; 0 accepts any, and means the default if the channel is created
     */
    static MappedChannel open(Endpoint endpoint, Path path, OpenMode mode, int capacity, int senders, int longest) {
        int newSenders = Math.max(1, senders);
        long bytes = RegionLayout.sizeFor(
                ChannelLayout.bytes(capacity == 0 ? MappedTransport.DEFAULT_CAPACITY : capacity, newSenders));
        return ChannelRegion.open(endpoint, path, mode, bytes, (region, isNew) -> {
            RegionObject object = isNew
                    ? create(region, capacity == 0 ? capacityFor(region, newSenders) : capacity, newSenders, longest)
                    : ChannelRegion.find(endpoint, region, ChannelLayout.TYPE);
            check(endpoint, object, capacity, senders, longest);
            MappedChannel channel = new MappedChannel(endpoint, region, object);
            channel.checkSound();
            return channel;
        });
    }

    private static void check(Endpoint endpoint, RegionObject object, int capacity, int senders, int longest) {
        if (!ChannelLayout.isSound(object)) {
            throw new ChannelException("cannot open " + endpoint + ": its capacity is " + object.dimension(0)
                    + " for each of " + object.dimension(1) + " senders, in an object of " + object.bytes()
                    + " bytes, which is inconsistent; delete it");
        }
        if (capacity != 0 && capacity != object.dimension(0)) {
            throw new ChannelException("cannot open " + endpoint + ": it has capacity " + object.dimension(0)
                    + "; omit the option, or choose another name");
        }
        if (senders != 0 && senders != object.dimension(1)) {
            throw new ChannelException("cannot open " + endpoint + ": it has room for " + object.dimension(1)
                    + " senders; omit the option, or choose another name");
        }
        if (longest != 0 && longest != object.dimension(2)) {
            throw new ChannelException("cannot open " + endpoint + ": its longest message has " + object.dimension(2)
                    + " bytes; omit the option, or choose another name");
        }
    }

    private static RegionObject create(Region region, int capacity, int senders, int longest) {
        int max = longest == 0 ? Math.max(MaxOption.DEFAULT_BYTES, LaneLayout.maxMessageBytes(capacity)) : longest;
        return region.objects()
                .findOrCreate(
                        ChannelRegion.OBJECT,
                        ChannelLayout.TYPE,
                        new int[] {capacity, senders, max},
                        ChannelLayout.bytes(capacity, senders),
                        ALL_ZERO);
    }

    /** Returns the capacity that the region's creator meant: the largest that fits. */
    private static int capacityFor(Region region, int senders) {
        int capacity = ChannelLayout.MIN_CAPACITY;
        while (capacity < ChannelLayout.MAX_CAPACITY
                && RegionLayout.sizeFor(ChannelLayout.bytes(capacity * 2, senders))
                        <= region.memory().capacity()) {
            capacity *= 2;
        }
        return capacity;
    }

    /**
     * Takes the slot of a sender. A lane that still holds messages of an earlier sender is taken only if no other is free;
     * the new sender's messages follow them.
     *
     * @throws ChannelBusyException if all slots are taken, naming the living participants that have them
     */
    ChannelLane takeLane() {
        for (boolean empty : new boolean[] {true, false}) {
            for (ChannelLane lane : lanes) {
                if ((!empty || lane.backlogBytes() == 0) && lane.senderSlot.take(Deadline.AT_ONCE) == 0) {
                    return lane;
                }
            }
        }
        Deadline deadline = Participants.untilRefusal();
        StringJoiner holders = new StringJoiner(", ");
        long pid = 0;
        for (ChannelLane lane : lanes) {
            int holder = lane.senderSlot.take(deadline);
            if (holder == 0) {
                return lane;
            }
            holders.add(describe(holder));
            pid = pid == 0 ? pidOf(holder) : pid;
        }
        throw new ChannelBusyException(
                "cannot send to " + endpoint + ": "
                        + (lanes.size() == 1
                                ? "the sender is " + holders + "; a one-to-one channel has one at a time"
                                : "its " + lanes.size() + " senders are " + holders
                                        + "; close one, or create the channel with more (option senders)"),
                pid);
    }

    /**
     * Takes the slot of the receiver.
     *
     * @throws ChannelBusyException naming the living participant that has it
     */
    void takeReceiver() {
        int holder = receiverSlot.take(Participants.untilRefusal());
        if (holder != 0) {
            throw new ChannelBusyException(
                    "cannot receive from " + endpoint + ": the receiver is " + describe(holder)
                            + "; a channel has one at a time",
                    pidOf(holder));
        }
    }

    private String describe(int participant) {
        return region.participants().describe(Participants.slot(participant));
    }

    private long pidOf(int participant) {
        return region.participants().pid(Participants.slot(participant));
    }

    /**
     * Rejects a channel that was found damaged.
     *
     * @throws ChannelCorruptException if so
     */
    void checkSound() {
        for (ChannelLane lane : lanes) {
            lane.checkSound();
        }
    }

    /** Wakes all senders, after any change that they may wait for. */
    void wakeSenders() {
        for (ChannelLane lane : lanes) {
            lane.senderWait.wake();
        }
    }

    /** Returns how many senders there were, including present ones. */
    long sendersSoFar() {
        long all = 0;
        for (ChannelLane lane : lanes) {
            all += lane.senderSlot.ownersSoFar();
        }
        return all;
    }

    /** Returns whether its region was deleted or its file replaced, so that no other process will open it. */
    boolean isDeleted() {
        return ChannelRegion.isDeleted(region);
    }

    /** Returns the state as a sender sees it: its own lane counts. */
    ChannelSnapshot snapshotOf(ChannelLane lane, long messages) {
        List<Peer> peers = new ArrayList<>();
        boolean receiver = addPeers(peers)[1];
        return new ChannelSnapshot(endpoint, receiver, peers, messages, lane.backlogBytes(), capacity);
    }

    /** Returns the state as the receiver sees it: all lanes count. */
    ChannelSnapshot snapshot(long messages) {
        List<Peer> peers = new ArrayList<>();
        boolean sender = addPeers(peers)[0];
        return new ChannelSnapshot(endpoint, sender, peers, messages, backlogBytes(), (long) capacity * lanes.size());
    }

    private long backlogBytes() {
        long all = 0;
        for (ChannelLane lane : lanes) {
            all += lane.backlogBytes();
        }
        return all;
    }

    /** Adds all ends; returns whether there is a living sender and a living receiver. */
    private boolean[] addPeers(List<Peer> peers) {
        boolean[] alive = new boolean[2];
        try {
            for (ChannelLane lane : lanes) {
                alive[0] |= addPeer(peers, lane.senderSlot, Role.SENDER, lane.backlogBytes(), lane);
            }
            alive[1] = addPeer(peers, receiverSlot, Role.RECEIVER, backlogBytes(), null);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot find the ends of " + endpoint, e);
        }
        return alive;
    }

    private boolean addPeer(List<Peer> peers, EndSlot slot, Role role, long lagBytes, @Nullable ChannelLane lane) {
        int owner = slot.ownerVolatile();
        Participants participants = region.participants();
        if (!participants.isSlot(owner)) {
            return false;
        }
        int ownerSlot = Participants.slot(owner);
        boolean alive = !participants.isDead(ownerSlot, Participants.generation(owner));
        Optional<OpenClaim> claim = lane != null && alive ? lane.openClaim() : Optional.empty();
        peers.add(new Peer(role, participants.pid(ownerSlot), participants.name(ownerSlot), alive, lagBytes, 0, claim));
        return alive;
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
