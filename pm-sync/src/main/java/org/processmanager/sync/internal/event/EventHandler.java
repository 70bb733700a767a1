package org.processmanager.sync.internal.event;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** Inspects events, which have no owner: a death requires no repair. */
public final class EventHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        // no word names a participant
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        return new State(EventLayout.isSet(EventLayout.wordVolatile(copy, 0)) ? "set" : "not set", List.of(), 0);
    }
}
