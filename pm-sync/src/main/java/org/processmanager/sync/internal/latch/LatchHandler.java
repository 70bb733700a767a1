package org.processmanager.sync.internal.latch;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** Inspects latches without owners: a death requires no repair. */
public final class LatchHandler implements ObjectHandler {
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
        int count = LatchLayout.countVolatile(copy, 0);
        return new State(count == 0 ? "open" : "count " + count, List.of(), 0);
    }
}
