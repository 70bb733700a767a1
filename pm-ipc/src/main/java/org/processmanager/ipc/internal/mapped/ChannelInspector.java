package org.processmanager.ipc.internal.mapped;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.End;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.ChannelRegion;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionSnapshot.Participant;
import org.processmanager.sync.internal.region.ObjectReader;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads a channel from its file. It takes no slot and writes nothing. */
final class ChannelInspector {
    private final Endpoint endpoint;
    private final Path path;
    private final ObjectReader region;
    private final ObjectHandler.Bytes bytes;
    private final List<LaneInspector> lanes = new ArrayList<>();

    private ChannelInspector(Endpoint endpoint, Path path, ObjectReader region) {
        this.endpoint = endpoint;
        this.path = path;
        this.region = region;
        RegionObject object = find();
        bytes = region.bytes(object);
        int capacity = object.dimension(0);
        if (!ChannelLayout.isSound(object)) {
            throw new ChannelException("cannot inspect " + endpoint + ": its capacity is " + capacity + " for each of "
                    + object.dimension(1) + " senders, in an object of " + object.bytes()
                    + " bytes, which is inconsistent; delete it");
        }
        for (int number = 0; number < object.dimension(1); number++) {
            lanes.add(new LaneInspector(bytes, number, ChannelLayout.block(0, capacity, number), capacity));
        }
    }

    private RegionObject find() {
        for (RegionObject object : region.objects()) {
            if (object.name().equals(ChannelRegion.OBJECT) && object.type().code() == ChannelLayout.TYPE.code()) {
                return object;
            }
        }
        throw new ChannelException("cannot inspect " + endpoint + ": region " + path + " holds no channel");
    }

    static ChannelInspection inspect(Endpoint endpoint, Path path) {
        return read(endpoint, path, ChannelInspector::inspection);
    }

    static List<KeptMessage> lastMessages(Endpoint endpoint, Path path, int limit) {
        return read(endpoint, path, inspector -> inspector.lastMessages(limit));
    }

    /** Reads something of a channel. */
    private interface Reading<T> {
        T of(ChannelInspector inspector);
    }

    private static <T> T read(Endpoint endpoint, Path path, Reading<T> reading) {
        try (ObjectReader region = new ObjectReader(path)) {
            return reading.of(new ChannelInspector(endpoint, path, region));
        } catch (RegionException e) {
            String message = "cannot inspect " + endpoint + ": " + e.getMessage();
            throw e.reason() == Reason.NOT_FOUND || e.reason() == Reason.DELETED
                    ? new ChannelNotFoundException(message)
                    : SystemFailure.of(message, e);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot inspect " + endpoint, e);
        }
    }

    private ChannelInspection inspection() {
        List<Lane> states = new ArrayList<>();
        List<End> ends = new ArrayList<>();
        OptionalLong damage = OptionalLong.empty();
        long backlog = 0;
        for (LaneInspector lane : lanes) {
            Lane state = lane.state();
            states.add(state);
            backlog += state.backlogBytes();
            addEnd(
                    ends,
                    Role.SENDER,
                    ChannelLayout.senderSlot(lane.block),
                    ChannelLayout.senderWait(lane.block),
                    state.number(),
                    0);
            if (damage.isEmpty()) {
                damage = lane.damage();
            }
        }
        addEnd(ends, Role.RECEIVER, ChannelLayout.receiverSlot(0), ChannelLayout.receiverWait(0), -1, backlog);
        return new ChannelInspection(endpoint, path, ends, states, damage);
    }

    private void addEnd(List<End> ends, Role role, int slot, int wait, int lane, long lagBytes) {
        Participant owner = region.participant(intAt(ChannelLayout.slotOwner(slot)));
        if (owner != null) {
            boolean waiting = owner.alive() && WaitWord.isWaiting(intAt(wait));
            ends.add(new End(role, owner.pid(), owner.name(), owner.joined(), owner.alive(), waiting, lane, lagBytes));
        }
    }

    private List<KeptMessage> lastMessages(int limit) {
        List<KeptMessage> kept = new ArrayList<>();
        for (LaneInspector lane : lanes) {
            kept.addAll(lane.lastMessages(limit));
        }
        return kept;
    }

    private int intAt(int offset) {
        return Words.intVolatile(bytes.read(offset, Integer.BYTES), 0);
    }
}
