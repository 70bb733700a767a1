package org.processmanager.sync.internal.value;

import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.mutex.MutexHandler;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** Repairs and inspects bytes: the mutex of a dead writer is orphaned; the current copy is as it was. */
public final class BytesHandler implements ObjectHandler {
    private final MutexHandler mutexes = new MutexHandler();

    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        mutexes.repair(memory, parking, object, dead);
    }

    @Override
    public int stateBytes(RegionObject object) {
        return BytesLayout.HEADER_BYTES;
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        State writers = mutexes.state(copy, object, isDead);
        long version = BytesLayout.versionVolatile(copy, 0);
        int length = BytesLayout.lengthPlain(copy, 0, version);
        return new State(
                length + " of " + object.dimension(0) + " bytes, version " + version,
                writers.owners(),
                writers.deathsRepaired());
    }
}
