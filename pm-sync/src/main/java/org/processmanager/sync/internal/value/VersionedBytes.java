package org.processmanager.sync.internal.value;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.file.Mapping;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * A value of variable length: a version, and two copies of the value, of which the version selects one.
 *
 * <p>A writer owns a mutex, writes the other copy and then increases the version; so a writer that dies leaves the current copy
 * as it was, and the next one writes the other copy anew. A reader copies the current copy and reads the version again: if it is
 * the same, no writer has touched that copy, since the next one writes the other copy and increases the version before it
 * releases the mutex. A reader that has failed several times acquires the mutex itself.
 *
 * <p>Crash points: {@code bytes.begun} (the length of the other copy is written), {@code bytes.written} (its content, too),
 * {@code bytes.published} (the mutex is still owned); those of the mutex and of {@link Changeable}.
 */
public final class VersionedBytes extends Changeable {
    private static final int TRIES_WITHOUT_MUTEX = 16;

    private final RobustMutex writers;
    private final int maxBytes;

    /** Uses such an object, whose shape is the largest length. */
    public VersionedBytes(Region region, RegionObject object) {
        super(region, object, BytesLayout.wakeWord(object.offset()));
        writers = new RobustMutex(region, object);
        maxBytes = object.dimension(0);
    }

    public int maxBytes() {
        return maxBytes;
    }

    @Override
    long current() {
        return BytesLayout.versionVolatile(memory, offset);
    }

    public long version() {
        long version = current();
        handle.checkOpen();
        return version;
    }

    /** Copies the value to a buffer, and moves its position; if it is null, to a new one that has exactly the value. */
    public ByteBuffer read(@Nullable ByteBuffer target) {
        for (int tries = 0; ; tries++) {
            boolean owned = tries >= TRIES_WITHOUT_MUTEX && writers.tryLock();
            try {
                ByteBuffer copy = tryRead(target);
                if (copy != null) {
                    return copy;
                }
            } finally {
                if (owned) {
                    unlock();
                }
            }
            Thread.onSpinWait();
        }
    }

    /** Returns null if a writer has changed the value meanwhile. */
    private @Nullable ByteBuffer tryRead(@Nullable ByteBuffer target) {
        long version = current();
        int length = BytesLayout.lengthPlain(memory, offset, version);
        boolean valid = length >= 0 && length <= maxBytes;
        ByteBuffer copy = target != null ? target : ByteBuffer.allocate(valid ? length : 0);
        boolean fits = valid && length <= copy.remaining();
        if (fits) {
            copy.put(copy.position(), memory, BytesLayout.copy(offset, version, maxBytes), length);
        }
        VarHandle.acquireFence();
        if (current() != version) {
            return null;
        }
        handle.checkOpen();
        if (!valid) {
            throw new RegionException(
                    RegionException.Reason.CORRUPT,
                    this + " has " + length + " bytes (expected: at most " + maxBytes + "); set it anew");
        }
        if (!fits) {
            throw new IllegalArgumentException("target: room for " + copy.remaining() + " bytes (expected: at least "
                    + length + ", the length of " + this + "; it never exceeds " + maxBytes + ")");
        }
        return copy.position(copy.position() + length);
    }

    /** Sets the value to the remaining bytes of a buffer, and returns the new version. */
    public long set(ByteBuffer value) {
        checkLength(value);
        lock();
        long version;
        try {
            version = write(value);
        } finally {
            unlock();
        }
        changed();
        return version;
    }

    /** Does as {@link #set} if that is the version; returns whether it was. */
    public boolean compareAndSet(long version, ByteBuffer value) {
        checkLength(value);
        lock();
        boolean same;
        try {
            same = current() == version;
            if (same) {
                write(value);
            }
        } finally {
            unlock();
        }
        if (same) {
            changed();
        }
        return same;
    }

    private void checkLength(ByteBuffer value) {
        if (Objects.requireNonNull(value, "value").remaining() > maxBytes) {
            throw new IllegalArgumentException("value: " + value.remaining() + " bytes (expected: at most " + maxBytes
                    + ", the size of " + this + ")");
        }
    }

    private void lock() {
        if (!writers.tryLock()) {
            Uninterruptibles.run(writers::lock);
        }
        VarHandle.releaseFence(); // a reader that sees the writes to come sees the version of the previous owner, too
    }

    private void unlock() {
        if (writers.isOrphaned()) {
            writers.markConsistent(); // the current copy always is
        }
        writers.unlock();
    }

    /** Writes the other copy and increases the version; for the owner of the mutex. */
    private long write(ByteBuffer value) {
        if (Mapping.DETACHES) {
            return writeCopy(value);
        }
        // Closing makes another participant the owner: it must wait, since this thread can still write the shared
        // memory.
        region.mutations().enter();
        try {
            return writeCopy(value);
        } finally {
            region.mutations().exit();
        }
    }

    private long writeCopy(ByteBuffer value) {
        long version = current() + 1;
        int length = value.remaining();
        BytesLayout.lengthPlain(memory, offset, version, length);
        CrashPoint.reach("bytes.begun");
        memory.put(BytesLayout.copy(offset, version, maxBytes), value, value.position(), length);
        CrashPoint.reach("bytes.written");
        BytesLayout.versionVolatile(memory, offset, version);
        CrashPoint.reach("bytes.published");
        return version;
    }
}
