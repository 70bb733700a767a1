package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** Inspects numbers: a death requires no repair. */
final class LongHandler implements ObjectHandler {
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
        return new State(Long.toString(Words.longVolatile(copy, 0)), List.of(), 0);
    }
}
