package org.processmanager.sync;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * A 64-bit number that processes share, 0 at first, with the meaning of {@link java.util.concurrent.atomic.AtomicLong}: each
 * operation is atomic and sequentially consistent.
 *
 * <p><b>When a process dies</b>, each of its operations was either done or not.
 */
public final class SharedLong {
    private final String name;
    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final int at;

    SharedLong(Region region, RegionObject object) {
        this.region = region;
        name = object.name();
        use = region.objects().use(name, object.offset());
        memory = region.memory();
        at = object.offset();
    }

    /**
     * Reads the number.
     *
     * @return its value
     * @throws IllegalStateException if the region is closed
     */
    public long get() {
        long value = Words.longVolatile(memory, at);
        use.checkOpen();
        return value;
    }

    /**
     * Writes the number.
     *
     * @param value the new value
     * @throws IllegalStateException if the region is closed
     */
    public void set(long value) {
        use.checkOpen();
        Words.putLongVolatile(memory, at, value);
        use.checkOpen();
    }

    /**
     * Adds to the number.
     *
     * @param delta what to add
     * @return the new value
     * @throws IllegalStateException if the region is closed
     */
    public long addAndGet(long delta) {
        use.checkOpen();
        long value = Words.addLong(memory, at, delta) + delta;
        use.checkOpen();
        return value;
    }

    /**
     * Writes the number if it has the expected value.
     *
     * @param expected the value it must have
     * @param value the new value
     * @return whether it was written
     * @throws IllegalStateException if the region is closed
     */
    public boolean compareAndSet(long expected, long value) {
        use.checkOpen();
        boolean written = Words.casLong(memory, at, expected, value);
        use.checkOpen();
        return written;
    }

    /**
     * Looks at this number as {@link SharedMemory#inspect()} does at all objects: takes no part, writes nothing, waits for
     * nobody; by any thread.
     *
     * @return its value at this moment; it may have changed since
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this number was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionInfo.NamedObject inspect() {
        return use.inspect();
    }

    /**
     * The name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "long '" + name + "' of " + region;
    }
}
