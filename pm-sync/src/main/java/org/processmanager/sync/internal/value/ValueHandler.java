package org.processmanager.sync.internal.value;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** Inspects values and arrays, which have no owner: a death requires no repair. */
public abstract class ValueHandler implements ObjectHandler {
    /** Describes longs. */
    public static final ValueHandler LONG = new ValueHandler() {
        @Override
        String describe(ByteBuffer copy, RegionObject object) {
            return Long.toString(Words.longVolatile(copy, 0));
        }
    };

    /** Describes ints. */
    public static final ValueHandler INT = new ValueHandler() {
        @Override
        String describe(ByteBuffer copy, RegionObject object) {
            return Integer.toString(Words.intVolatile(copy, 0));
        }
    };

    /** Describes booleans. */
    public static final ValueHandler BOOLEAN = new ValueHandler() {
        @Override
        String describe(ByteBuffer copy, RegionObject object) {
            return Boolean.toString(Words.intVolatile(copy, 0) != 0);
        }
    };

    /** Describes arrays, by their length. */
    public static final ValueHandler ARRAY = new ValueHandler() {
        @Override
        String describe(ByteBuffer copy, RegionObject object) {
            return object.dimension(0) + " elements";
        }
    };

    private ValueHandler() {}

    abstract String describe(ByteBuffer copy, RegionObject object);

    @Override
    public final void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        // no word names a participant
    }

    @Override
    public final int stateBytes(RegionObject object) {
        return Math.min(object.bytes(), Long.BYTES);
    }

    @Override
    public final State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        return new State(describe(copy, object), List.of(), 0);
    }
}
