package org.processmanager.ipc.internal.mapped;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.End;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.broadcast.Broadcast;
import org.processmanager.ipc.internal.channel.ChannelFile;
import org.processmanager.ipc.internal.channel.ClaimWord;
import org.processmanager.ipc.internal.queue.Queue;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.ObjectReader;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads a channel from its file. It takes no slot and writes nothing. */
final class ChannelInspector {
    private final ChannelFile file;
    private final List<LaneInspector> lanes = new ArrayList<>();

    private ChannelInspector(ChannelFile file) {
        this.file = file;
        RegionObject object = file.object();
        int capacity = object.dimension(0);
        if (!ChannelLayout.isSound(object)) {
            throw file.inconsistent();
        }
        for (int number = 0; number < object.dimension(1); number++) {
            lanes.add(new LaneInspector(file.bytes(), number, ChannelLayout.block(0, capacity, number), capacity));
        }
    }

    static ChannelInspection inspect(Endpoint endpoint, Path path) {
        return read(endpoint, path, file -> switch (file.type()) {
            case Broadcast.MODE -> Broadcast.inspect(file);
            case Queue.MODE -> Queue.inspect(file);
            default -> new ChannelInspector(file).inspection();
        });
    }

    static List<KeptMessage> lastMessages(Endpoint endpoint, Path path, int limit) {
        return read(endpoint, path, file -> switch (file.type()) {
            case Broadcast.MODE -> Broadcast.lastMessages(file, limit);
            case Queue.MODE ->
                throw new UnsupportedOperationException("a queue keeps no messages that can be read back (" + endpoint
                        + "); those that are not received can only be received");
            default -> new ChannelInspector(file).lastMessages(limit);
        });
    }

    /** Reads something of a channel. */
    private interface Reading<T> {
        T of(ChannelFile file);
    }

    private static <T> T read(Endpoint endpoint, Path path, Reading<T> reading) {
        try (ObjectReader region = new ObjectReader(path)) {
            return reading.of(ChannelFile.of(endpoint, path, region));
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
            file.addEnd(
                    ends,
                    Role.SENDER,
                    file.intAt(ChannelLayout.slotOwner(ChannelLayout.senderSlot(lane.block))),
                    WaitWord.isWaiting(file.intAt(ChannelLayout.senderWait(lane.block))),
                    state.number(),
                    0,
                    "",
                    ClaimWord.claim(file.longAt(ChannelLayout.claim(lane.block)), state.written()));
            if (damage.isEmpty()) {
                damage = lane.damage();
            }
        }
        int receiver = file.intAt(ChannelLayout.slotOwner(ChannelLayout.receiverSlot(0)));
        boolean waiting = WaitWord.isWaiting(file.intAt(ChannelLayout.receiverWait(0)));
        file.addEnd(ends, Role.RECEIVER, receiver, waiting, -1, backlog, "");
        return new ChannelInspection(file.endpoint(), file.path(), ends, states, 0, damage);
    }

    private List<KeptMessage> lastMessages(int limit) {
        List<KeptMessage> kept = new ArrayList<>();
        for (LaneInspector lane : lanes) {
            kept.addAll(lane.lastMessages(limit));
        }
        return kept;
    }
}
