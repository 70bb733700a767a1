package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** An object of a region, or a part of its algorithm, as one handle uses it. */
public abstract class SharedObject {
    protected final Region region;
    protected final ObjectHandle handle;
    /** The whole region. */
    protected final ByteBuffer memory;

    protected final Parking parking;
    protected final Participants participants;
    /** Of the object in the region. */
    protected final int offset;
    /** This participant, as words name it. */
    protected final int self;

    private final String type;

    /** Uses the object, which was found through that handle. */
    protected SharedObject(Region region, RegionObject object) {
        this.region = region;
        type = object.type().name();
        handle = region.objects().handle(object.name(), object.offset());
        memory = region.memory();
        parking = region.parking();
        participants = region.participants();
        offset = object.offset();
        self = participants.self();
    }

    /** A part of the algorithm of an object. */
    protected SharedObject(SharedObject whole) {
        region = whole.region;
        type = whole.type;
        handle = whole.handle;
        memory = whole.memory;
        parking = whole.parking;
        participants = whole.participants;
        offset = whole.offset;
        self = whole.self;
    }

    /**
     * Returns whether a participant that a word of the object names is proven dead; this one is not.
     *
     * @throws RegionException if the region has no such slot
     */
    protected final boolean isDead(int participant) {
        if (participant == self) {
            return false;
        }
        if (!participants.isSlot(participant)) {
            region.checkOpen();
            throw new RegionException(
                    RegionException.Reason.CORRUPT,
                    String.format("%s names an invalid owner (%08x); delete the region", this, participant));
        }
        return participants.isDead(Participants.slot(participant), Participants.generation(participant));
    }

    /** Returns its name in the region. */
    public final String name() {
        return handle.name();
    }

    /** Returns its current state. */
    public final RegionSnapshot.NamedObject snapshot() {
        return handle.snapshot();
    }

    @Override
    public final String toString() {
        return type + " '" + handle.name() + "' of " + region;
    }
}
