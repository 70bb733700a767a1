package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.Parking;
import org.processmanager.sync.internal.region.RegionObject;

/** The mutex in the buffer is repaired as any other, and lies at its start. */
final class TextbookCare implements ObjectCare {
    private final MutexCare mutex = new MutexCare();

    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        mutex.repair(memory, parking, object, dead);
    }

    @Override
    public int shownBytes(RegionObject object) {
        return BufferDescriptor.HEADER_BYTES;
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        Look look = mutex.look(copy, object, isDead);
        long filled = BufferDescriptor.putVolatile(copy, 0) - BufferDescriptor.takenVolatile(copy, 0);
        return new Look(filled + " of " + object.dimension(0) + " filled", look.owners(), look.deathsRepaired());
    }
}
