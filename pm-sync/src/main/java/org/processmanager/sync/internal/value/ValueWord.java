package org.processmanager.sync.internal.value;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * The word of a shared long, int or boolean. Each operation ends with a check, since the object may be removed while it runs.
 */
public final class ValueWord extends Changeable {
    private final boolean isLong;

    /**
     * Uses a value.
     *
     * @param isLong whether the word has 64 bits; otherwise 32
     */
    public ValueWord(Region region, RegionObject object, boolean isLong) {
        super(region, object, ValueLayout.wakeWord(object.offset()));
        this.isLong = isLong;
    }

    @Override
    long current() {
        return isLong ? Words.longVolatile(memory, offset) : Words.intVolatile(memory, offset);
    }

    /** Returns the region, for reading. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Returns the region, for writing: throws if it is closed or the value was removed. */
    public ByteBuffer openMemory() {
        handle.checkOpen();
        return memory;
    }

    public int offset() {
        return offset;
    }

    /** Returns what was read, after the check. */
    public long checked(long result) {
        handle.checkOpen();
        return result;
    }

    /** Returns what was read, after the check. */
    public int checked(int result) {
        handle.checkOpen();
        return result;
    }

    /** Returns the result of a change, after the wake-up and the check. */
    public long changed(long result) {
        changed();
        return result;
    }

    /** Returns the result of a change, after the wake-up and the check. */
    public int changed(int result) {
        changed();
        return result;
    }

    /** Returns whether the value was changed, after the wake-up and the check. */
    public boolean changedIf(boolean changed) {
        if (changed) {
            changed();
        } else {
            handle.checkOpen();
        }
        return changed;
    }

    /** Returns the value before a compare-and-exchange, after the wake-up, if it was the expected one, and the check. */
    public long exchanged(long expected, long previous) {
        changedIf(previous == expected);
        return previous;
    }

    /** Returns the value before a compare-and-exchange, after the wake-up, if it was the expected one, and the check. */
    public int exchanged(int expected, int previous) {
        changedIf(previous == expected);
        return previous;
    }
}
