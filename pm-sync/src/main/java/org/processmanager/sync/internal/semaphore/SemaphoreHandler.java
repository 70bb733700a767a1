package org.processmanager.sync.internal.semaphore;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * For what belongs to nobody: a death changes nothing.
 *
 * @param unit what it is a number of, with a leading blank, or nothing
 * @param number reads it from a copy
 */
public record SemaphoreHandler(String unit, ToLongFunction<ByteBuffer> number) implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        // nothing names anybody
    }

    @Override
    public int shownBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        return new Look(number.applyAsLong(copy) + unit, List.of(), 0);
    }
}
