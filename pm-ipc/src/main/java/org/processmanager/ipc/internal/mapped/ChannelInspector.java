package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionSnapshot.Participant;
import org.processmanager.sync.internal.region.ObjectReader;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads a channel from its file. It takes no slot and writes nothing. */
final class ChannelInspector {
    private static final int PART_BYTES = 64 << 10;

    private final Endpoint endpoint;
    private final Path path;
    private final ObjectReader region;
    private final ObjectHandler.Bytes bytes;
    private final int capacity;

    private final ByteBuffer part = ByteBuffer.allocate(PART_BYTES).order(ByteOrder.nativeOrder());
    private int partAt = -1;

    private ChannelInspector(Endpoint endpoint, Path path, ObjectReader region) {
        this.endpoint = endpoint;
        this.path = path;
        this.region = region;
        RegionObject object = find();
        bytes = region.bytes(object);
        capacity = object.dimension(0);
        if (capacity < ChannelLayout.MIN_CAPACITY
                || Integer.bitCount(capacity) != 1
                || object.bytes() != ChannelLayout.bytes(capacity)) {
            throw new ChannelException("cannot inspect " + endpoint + ": its capacity is " + capacity
                    + " in an object of " + object.bytes() + " bytes, which is inconsistent; delete it");
        }
    }

    private RegionObject find() {
        for (RegionObject object : region.objects()) {
            if (object.name().equals(ChannelLayout.NAME) && object.type().code() == ChannelLayout.TYPE.code()) {
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
        Lane lane = lane();
        List<End> ends = new ArrayList<>();
        addEnd(ends, Role.SENDER, ChannelLayout.senderSlot(0), ChannelLayout.senderWait(0), 0, 0);
        addEnd(
                ends,
                Role.RECEIVER,
                ChannelLayout.receiverSlot(0),
                ChannelLayout.receiverWait(0),
                -1,
                lane.backlogBytes());
        long damage = ChannelLayout.damagePosition(bytes.read(0, ChannelLayout.lane(0)), 0);
        return new ChannelInspection(
                endpoint, path, ends, List.of(lane), damage < 0 ? OptionalLong.empty() : OptionalLong.of(damage));
    }

    private void addEnd(List<End> ends, Role role, int slot, int wait, int lane, long lagBytes) {
        Participant owner = region.participant(intAt(ChannelLayout.slotOwner(slot)));
        if (owner != null) {
            boolean waiting = owner.alive() && WaitWord.isWaiting(intAt(wait));
            ends.add(new End(role, owner.pid(), owner.name(), owner.joined(), owner.alive(), waiting, lane, lagBytes));
        }
    }

    private Lane lane() {
        long released = longAt(ChannelLayout.released(0));
        long taken = longAt(ChannelLayout.taken(0));
        return new Lane(
                0,
                capacity,
                Math.max(taken, written(released)),
                taken,
                released,
                longAt(ChannelLayout.slotOwnersSoFar(ChannelLayout.senderSlot(0))));
    }

    /** Returns the end of the committed records: behind the published tail are few. */
    private long written(long released) {
        long tail = longAt(ChannelLayout.tail(0));
        long at = tail >= released && tail - released <= capacity ? tail : released;
        while (at - released < capacity) {
            int record = recordBytes(at);
            if (record == 0) {
                break;
            }
            at += record;
        }
        return at;
    }

    /** Returns the bytes of the record at a position; 0 if there is none, or an impossible one. */
    private int recordBytes(long at) {
        long header = header(at);
        return header == 0 ? 0 : LaneLayout.checkedRecordBytes(header, index(at), capacity);
    }

    private List<KeptMessage> lastMessages(int limit) {
        Lane lane = lane();
        long lap = lane.written() - index(lane.written());
        long known = Math.min(lap, lane.released());
        List<Long> records = messages(known, lane.written());
        if (records.size() < limit) {
            records.addAll(0, messages(oldestRecord(lane, known), known));
        }
        List<KeptMessage> kept = new ArrayList<>();
        for (long at : records.subList(Math.max(0, records.size() - limit), records.size())) {
            int start = ChannelLayout.lane(0) + index(at);
            int room = capacity - index(at) - LaneLayout.HEADER_BYTES;
            int length = Math.min(Math.max(0, LaneLayout.length(header(at))), room);
            byte[] content = new byte[length];
            bytes.read(start + LaneLayout.HEADER_BYTES, length).get(0, content);
            kept.add(new KeptMessage(0, at, at < lane.taken(), content));
        }
        return kept;
    }

    /** Returns the positions of the messages between two positions, up to the first damage. */
    private List<Long> messages(long from, long to) {
        List<Long> messages = new ArrayList<>();
        int record;
        for (long at = from; at < to && (record = recordBytes(at)) != 0; at += record) {
            if (LaneLayout.type(header(at)) == LaneLayout.MESSAGE) {
                messages.add(at);
            }
        }
        return messages;
    }

    /**
     * Returns the position of the oldest record that is not overwritten. The lap before the present one has no index: the
     * first position from which records lead exactly to a known one is taken for a record. If padding was overwritten in part,
     * that may be one of an earlier lap.
     */
    private long oldestRecord(Lane lane, long known) {
        long oldest = Math.max(0, lane.written() + LaneLayout.HEADER_BYTES - capacity);
        for (long start = oldest; start < known; start += LaneLayout.ALIGNMENT) {
            long at = start;
            int record;
            while (at < known && (record = recordBytes(at)) != 0) {
                at += record;
            }
            if (at == known) {
                return start;
            }
        }
        return known;
    }

    /** Returns the header at a position, from a copy of a part of the lane that is kept for the next ones. */
    private long header(long at) {
        int index = index(at);
        int first = index & -PART_BYTES;
        if (first != partAt) {
            int length = Math.min(PART_BYTES, capacity);
            part.clear().put(0, bytes.read(ChannelLayout.lane(0) + first, length), 0, length);
            partAt = first;
        }
        return part.getLong(index - first);
    }

    private int index(long position) {
        return (int) position & capacity - 1;
    }

    private int intAt(int offset) {
        return Words.intVolatile(bytes.read(offset, Integer.BYTES), 0);
    }

    private long longAt(int offset) {
        return Words.longVolatile(bytes.read(offset, Long.BYTES), 0);
    }
}
