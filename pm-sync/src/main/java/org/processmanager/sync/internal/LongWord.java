package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.object.RegionObject;

/** The word of a shared number. Each operation ends with a check, since the number may be removed while it runs. */
public final class LongWord extends SharedObject {
    public LongWord(Region region, RegionObject object) {
        super(region, object);
    }

    /** Returns the region, for reading. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Returns the region, for writing: throws if it is closed or the number was removed. */
    public ByteBuffer openMemory() {
        handle.checkOpen();
        return memory;
    }

    public int offset() {
        return offset;
    }

    /** Throws if the region is closed or the number was removed. */
    public void check() {
        handle.checkOpen();
    }

    /** Returns the result of an operation after the check. */
    public long checked(long result) {
        handle.checkOpen();
        return result;
    }

    /** Returns the result of an operation after the check. */
    public boolean checked(boolean result) {
        handle.checkOpen();
        return result;
    }
}
