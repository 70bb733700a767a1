package org.processmanager.ipc.internal.channel;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelInspection.End;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.RegionSnapshot.Participant;
import org.processmanager.sync.internal.region.ObjectReader;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * The file of a channel, open for reading alone.
 *
 * @param endpoint the channel
 * @param path its file
 * @param region its region
 * @param object its object
 * @param bytes the bytes of the object
 */
public record ChannelFile(
        Endpoint endpoint, Path path, ObjectReader region, RegionObject object, ObjectHandler.Bytes bytes) {
    /**
     * Finds the channel of a region.
     *
     * @throws ChannelException if it has none
     */
    public static ChannelFile of(Endpoint endpoint, Path path, ObjectReader region) {
        for (RegionObject object : region.objects()) {
            if (object.name().equals(ChannelRegion.OBJECT)) {
                return new ChannelFile(endpoint, path, region, object, region.bytes(object));
            }
        }
        throw new ChannelException("cannot inspect " + endpoint + ": region " + path + " holds no channel");
    }

    /** Returns the name of the form of the channel. */
    public String type() {
        return object.type().name();
    }

    /** Returns the exception for an object whose shape and size do not match. */
    public ChannelException inconsistent() {
        return new ChannelException("cannot inspect " + endpoint + ": its object is " + object + " of " + object.bytes()
                + " bytes, which is inconsistent; delete it");
    }

    public int intAt(int offset) {
        return Words.intVolatile(bytes.read(offset, Integer.BYTES), 0);
    }

    public long longAt(int offset) {
        return Words.longVolatile(bytes.read(offset, Long.BYTES), 0);
    }

    /** Adds an end, dead or alive, unless its owner has left. */
    public void addEnd(List<End> ends, Role role, int owner, boolean waiting, int lane, long lagBytes, String note) {
        addEnd(ends, role, owner, waiting, lane, lagBytes, note, Optional.empty());
    }

    /** Adds an end, dead or alive, unless its owner has left. The claim is that of a living one. */
    public void addEnd(
            List<End> ends,
            Role role,
            int owner,
            boolean waiting,
            int lane,
            long lagBytes,
            String note,
            Optional<OpenClaim> claim) {
        Participant found = region.participant(owner);
        if (found != null) {
            ends.add(new End(
                    role,
                    found.pid(),
                    found.name(),
                    found.joined(),
                    found.alive(),
                    waiting && found.alive(),
                    lane,
                    lagBytes,
                    note,
                    claim.filter(any -> found.alive())));
        }
    }
}
