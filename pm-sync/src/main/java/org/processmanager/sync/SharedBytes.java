package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.value.VersionedBytes;

/**
 * A value of up to a fixed number of bytes that processes share: read and written as a whole, with a version that counts how
 * often it was set. It is empty at first, in version 0. Thread-safe.
 *
 * <pre>{@code
 * SharedBytes config = shop.atomicBytes("config", 4096);
 * while (true) {
 *     long version = config.version();          // before get(): no change is missed
 *     apply(config.get());
 *     config.awaitChange(version);
 * }
 * }</pre>
 *
 * <p>Reading does not wait for writers, not even for one that is suspended while it writes. Writers exclude each other: setting
 * the value waits while another process copies its value, and as long as that process is suspended. An interrupt does not end
 * that wait; closing the region does.
 *
 * <p><b>When a process dies</b> while it sets the value, the value before remains, and the next writer does not wait for it. If
 * it dies right after that, a waiting thread may see the change 100 ms later.
 *
 * <p>All operations throw {@link IllegalStateException} if the region is closed, and {@link RegionException} if the value was
 * removed from the region. An operation that runs at the time of the removal throws too, and may have taken effect.
 */
public final class SharedBytes {
    private final VersionedBytes bytes;

    SharedBytes(VersionedBytes bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the value.
     *
     * @return a copy
     * @throws RegionException if its content is damaged
     */
    public byte[] get() {
        return bytes.read(null).array();
    }

    /**
     * Copies the value to a buffer, from its position on. The position is then behind the value; it and the content are
     * undefined if an exception is thrown.
     *
     * @param target with room for the value; {@link #maxBytes()} is always enough
     * @return the length of the value
     * @throws IllegalArgumentException if there is not enough room
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     * @throws RegionException if its content is damaged
     */
    public int get(ByteBuffer target) {
        int start = Objects.requireNonNull(target, "target").position();
        return bytes.read(target).position() - start;
    }

    /**
     * Sets the value.
     *
     * @param value at most {@link #maxBytes()} bytes
     * @return the new version
     * @throws IllegalArgumentException if it is longer
     */
    public long set(byte[] value) {
        return bytes.set(ByteBuffer.wrap(Objects.requireNonNull(value, "value")));
    }

    /**
     * Sets the value to the bytes between position and limit of a buffer. Then the position equals the limit; it is unchanged
     * if an exception is thrown.
     *
     * @param value at most {@link #maxBytes()} bytes
     * @return the new version
     * @throws IllegalArgumentException if it is longer
     */
    public long set(ByteBuffer value) {
        long version = bytes.set(value);
        value.position(value.limit());
        return version;
    }

    /**
     * Sets the value if it has not been set since a given version. To update a value, read the version before the value:
     *
     * <pre>{@code
     * long version;
     * do {
     *     version = config.version();
     * } while (!config.compareAndSet(version, update(config.get())));
     * }</pre>
     *
     * @param version the expected version
     * @param value at most {@link #maxBytes()} bytes
     * @return whether it was set
     * @throws IllegalArgumentException if it is longer
     */
    public boolean compareAndSet(long version, byte[] value) {
        return bytes.compareAndSet(version, ByteBuffer.wrap(Objects.requireNonNull(value, "value")));
    }

    /**
     * Sets the value to the bytes between position and limit of a buffer, if it has not been set since a given version. Then
     * the position equals the limit; otherwise it is unchanged.
     *
     * @param version the expected version
     * @param value at most {@link #maxBytes()} bytes
     * @return whether it was set
     * @throws IllegalArgumentException if it is longer
     */
    public boolean compareAndSet(long version, ByteBuffer value) {
        boolean set = bytes.compareAndSet(version, value);
        if (set) {
            value.position(value.limit());
        }
        return set;
    }

    /**
     * Returns how often the value was set.
     *
     * @return the current version
     */
    public long version() {
        return bytes.version();
    }

    /**
     * Blocks until the version differs from a given one.
     *
     * @param version the version that the caller has seen
     * @return the new version
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this value was removed, or the region was deleted or replaced, before or while waiting
     */
    public long awaitChange(long version) throws InterruptedException {
        return bytes.awaitChange(version, Deadline.NEVER);
    }

    /**
     * As {@link #awaitChange(long)}, but an interrupt does not end the wait; the interrupt status is preserved.
     *
     * @param version the version that the caller has seen
     * @return the new version
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this value was removed, or the region was deleted or replaced, before or while waiting
     */
    public long awaitChangeUninterruptibly(long version) {
        return bytes.awaitChangeUninterruptibly(version);
    }

    /**
     * Blocks until the version differs from a given one, for at most a given time.
     *
     * @param version the version that the caller has seen
     * @param wait on the monotonic clock; zero or less does not wait
     * @return the new version; {@code version} on timeout
     * @throws InterruptedException if interrupted before or while waiting
     * @throws IllegalStateException if the region is closed, before or while waiting
     * @throws RegionException if this value was removed, or the region was deleted or replaced, before or while waiting
     */
    public long awaitChange(long version, Duration wait) throws InterruptedException {
        return bytes.awaitChange(version, Deadline.after(wait));
    }

    /**
     * Returns the largest length of the value.
     *
     * @return bytes
     */
    public int maxBytes() {
        return bytes.maxBytes();
    }

    /**
     * Returns the current state: length and version, the process that sets it, the number of waiting threads, and the number of
     * writers that died. Writes nothing and does not block; thread-safe.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if the region is closed
     * @throws RegionException if this value was removed, or the region was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot.NamedObject snapshot() {
        return bytes.snapshot();
    }

    /**
     * Returns the name by which it was opened.
     *
     * @return its name in the region
     */
    public String name() {
        return bytes.name();
    }

    /** Returns type, name and region, also after the region was closed; for the value see {@link #get()}. */
    @Override
    public String toString() {
        return bytes.toString();
    }
}
