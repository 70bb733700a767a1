package org.processmanager.ipc.internal.broadcast;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.processmanager.ipc.internal.channel.ClaimWord;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/** An open broadcast channel, for one end: a region with one object in it. */
final class BroadcastChannel implements AutoCloseable {
    static {
        // Also known without the service file, which is lost where jars are merged into one.
        new BroadcastObjectTypes().register();
    }

    final Endpoint endpoint;
    final Region region;
    final BroadcastLane lane;
    final EndSlot sender;
    final Receivers receivers;
    final WaitWord senderWait;
    final ReceiversWaitWord receiversWait;

    private BroadcastChannel(Endpoint endpoint, Region region, RegionObject object) {
        this.endpoint = endpoint;
        this.region = region;
        int channel = object.offset();
        lane = new BroadcastLane(region.memory(), channel, object.dimension(0), object.dimension(1), endpoint);
        sender = new EndSlot(region, BroadcastLayout.senderOwner(channel), BroadcastLayout.sendersSoFar(channel));
        receivers = new Receivers(lane, region.participants());
        senderWait = new WaitWord(lane.memory, BroadcastLayout.senderWait(channel), region.parking());
        receiversWait = new ReceiversWaitWord(lane.memory, BroadcastLayout.receiversWait(channel), region.parking());
    }

    static BroadcastChannel open(Endpoint endpoint, Path path, OpenMode mode, BroadcastOptions options) {
        int capacity = options.capacityOrDefault();
        int receivers = options.receiversOrDefault();
        return ChannelRegion.open(
                endpoint,
                path,
                mode,
                RegionLayout.sizeFor(BroadcastLayout.bytes(capacity, receivers)),
                (region, isNew) -> {
                    RegionObject object = isNew
                            ? create(region, capacity, receivers)
                            : ChannelRegion.find(endpoint, region, BroadcastLayout.TYPE);
                    check(endpoint, object, options);
                    BroadcastChannel channel = new BroadcastChannel(endpoint, region, object);
                    channel.checkSound();
                    return channel;
                });
    }

    /** The region may have been created by another process that wanted less and died. */
    private static RegionObject create(Region region, int wanted, int receivers) {
        int capacity = wanted;
        while (capacity > BroadcastLayout.MIN_CAPACITY
                && RegionLayout.sizeFor(BroadcastLayout.bytes(capacity, receivers))
                        > region.memory().capacity()) {
            capacity /= 2;
        }
        RegionObject found = region.objects().find(ChannelRegion.OBJECT, BroadcastLayout.TYPE);
        return found != null
                ? found
                : region.objects()
                        .findOrCreate(
                                ChannelRegion.OBJECT,
                                BroadcastLayout.TYPE,
                                new int[] {capacity, receivers},
                                BroadcastLayout.bytes(capacity, receivers),
                                null);
    }

    private static void check(Endpoint endpoint, RegionObject object, BroadcastOptions options) {
        int capacity = object.dimension(0);
        int receivers = object.dimension(1);
        options.checkCapacity(endpoint, capacity);
        options.checkReceivers(endpoint, receivers);
        if (capacity < BroadcastLayout.MIN_CAPACITY
                || Integer.bitCount(capacity) != 1
                || receivers < 1
                || receivers > BroadcastLayout.MAX_RECEIVERS
                || object.bytes() != BroadcastLayout.bytes(capacity, receivers)) {
            throw new ChannelException("cannot open " + endpoint + ": it is a broadcast of capacity " + capacity
                    + " to " + receivers + " receivers in an object of " + object.bytes()
                    + " bytes, which is inconsistent; delete it");
        }
    }

    /**
     * Takes the slot of the sender.
     *
     * @throws ChannelBusyException naming the living participant that has it
     */
    void takeSender() {
        int holder = sender.take(Participants.untilRefusal());
        if (holder != 0) {
            int slot = Participants.slot(holder);
            throw new ChannelBusyException(
                    "cannot send to " + endpoint + ": the sender is "
                            + region.participants().describe(slot) + "; a broadcast has one at a time",
                    region.participants().pid(slot));
        }
    }

    /**
     * Rejects a channel that was found damaged.
     *
     * @throws ChannelCorruptException if so
     */
    void checkSound() {
        long position = BroadcastLayout.damagePosition(lane.memory, lane.channel);
        if (position >= 0) {
            throw new ChannelCorruptException(
                    endpoint + " is damaged at position " + position + ", as was found before; delete it", position);
        }
    }

    /** Returns whether its region was deleted or its file replaced, so that no other process will open it. */
    boolean isDeleted() {
        return ChannelRegion.isDeleted(region);
    }

    ChannelSnapshot snapshot(Role role, long messages, long missed, long backlog) {
        List<Peer> peers = new ArrayList<>();
        boolean hasSender;
        boolean hasReceiver;
        try {
            hasSender = addSender(peers);
            hasReceiver = receivers.addPeers(peers, lane.tailAcquire());
        } catch (PosixException e) {
            throw SystemFailure.of("cannot find the ends of " + endpoint, e);
        }
        long most = backlog;
        if (role == Role.SENDER) {
            for (Peer peer : peers) {
                most = Math.max(most, peer.lagBytes());
            }
        }
        return new ChannelSnapshot(
                endpoint,
                role == Role.SENDER ? hasReceiver : hasSender,
                peers,
                messages,
                Math.min(most, lane.capacity),
                lane.capacity,
                missed);
    }

    private Optional<OpenClaim> openClaim() {
        return ClaimWord.claim(Words.longOpaque(lane.memory, BroadcastLayout.claim(lane.channel)), lane.tailAcquire());
    }

    private boolean addSender(List<Peer> peers) {
        int owner = sender.ownerVolatile();
        Participants participants = region.participants();
        if (!participants.isSlot(owner)) {
            return false;
        }
        boolean alive = sender.isAlive(owner);
        int slot = Participants.slot(owner);
        Optional<OpenClaim> claim = alive ? openClaim() : Optional.empty();
        peers.add(new Peer(Role.SENDER, participants.pid(slot), participants.name(slot), alive, 0, 0, claim));
        return alive;
    }

    @Override
    public void close() {
        region.close();
    }
}
