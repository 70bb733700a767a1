package org.processmanager.sync;

import org.processmanager.sync.internal.region.Region;

/**
 * The named objects of a {@link SharedMemory}: each method opens an object, or creates it. Opening the same name again gives
 * the same Java object for each handle, and the same shared object in every process. Thread-safe. Creating or removing
 * an object waits, uninterruptibly, while another process does so, and throws a {@link RegionException} with
 * {@link RegionException.Reason#BUSY} after 10 s.
 */
public abstract sealed class SharedObjects permits SharedMemory {
    final Region region;
    private final ObjectHandles objects;

    SharedObjects(Region region) {
        this.region = region;
        objects = new ObjectHandles(region);
    }

    /**
     * Opens a mutex, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the mutex, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room
     */
    public SharedMutex mutex(String name) {
        return objects.mutex(name);
    }

    /**
     * Opens a read-write lock, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the lock, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room: it takes 64 bytes for each
     *     participant that the region has room for
     */
    public SharedReadWriteLock readWriteLock(String name) {
        return objects.readWriteLock(name);
    }

    /**
     * Opens a semaphore, or creates it, that is not fair: a newcomer may overtake waiting threads, and so it is fast.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param permits how many it is created with; must be the same whenever it is opened
     * @return the semaphore, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the permits are negative
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, to a semaphore that is fair or has other
     *     permits, or there is no room
     */
    public SharedSemaphore semaphore(String name, int permits) {
        return objects.semaphore(name, permits, false);
    }

    /**
     * Opens a semaphore, or creates it, that threads of all processes acquire in order of arrival.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param permits how many it is created with; must be the same whenever it is opened
     * @return the semaphore, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the permits are negative
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, to a semaphore that is not fair or has other
     *     permits, or there is no room: it takes 16 bytes for each participant that the region has room for
     */
    public SharedSemaphore fairSemaphore(String name, int permits) {
        return objects.semaphore(name, permits, true);
    }

    /**
     * Opens a leased semaphore, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param permits how many it has, 1 to 65 536; must be the same whenever it is opened
     * @return the semaphore, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the permits are out of range
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or other permits, or there is no room
     */
    public LeasedSemaphore leasedSemaphore(String name, int permits) {
        return objects.leasedSemaphore(name, permits);
    }

    /**
     * Opens a bounded buffer, or creates it, that redelivers the items of a dead consumer.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param cells how many items it can hold, at least 1
     * @param cellBytes the largest length of an item, at least 1
     * @return the buffer, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or a number below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or other numbers, or there is no room
     */
    public SharedBoundedBuffer boundedBuffer(String name, int cells, int cellBytes) {
        return objects.boundedBuffer(name, cells, cellBytes, SharedBoundedBuffer.OnConsumerDeath.REDELIVER);
    }

    /**
     * Opens a bounded buffer, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param cells how many items it can hold, at least 1
     * @param cellBytes the largest length of an item, at least 1
     * @param onConsumerDeath what happens to the items of a dead consumer; must be the same whenever it is opened
     * @return the buffer, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or a number below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or other numbers, or there is no room
     */
    public SharedBoundedBuffer boundedBuffer(
            String name, int cells, int cellBytes, SharedBoundedBuffer.OnConsumerDeath onConsumerDeath) {
        return objects.boundedBuffer(name, cells, cellBytes, onConsumerDeath);
    }

    /**
     * Opens a 64-bit number, or creates it with the value 0.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the number, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room
     */
    public SharedLong atomicLong(String name) {
        return objects.atomicLong(name);
    }

    /**
     * Opens a 32-bit number, or creates it with the value 0.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the number, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room
     */
    public SharedInt atomicInt(String name) {
        return objects.atomicInt(name);
    }

    /**
     * Opens a {@code boolean}, or creates it with the value false.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the value, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room
     */
    public SharedBoolean atomicBoolean(String name) {
        return objects.atomicBoolean(name);
    }

    /**
     * Opens a value of several bytes, or creates it, empty.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param maxBytes its largest length, at least 1; must be the same whenever it is opened. It takes room for two values
     * @return the value, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the length below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or size, or there is no room
     */
    public SharedBytes atomicBytes(String name, int maxBytes) {
        return objects.atomicBytes(name, maxBytes);
    }

    /**
     * Opens an array of 64-bit numbers, or creates it, filled with 0.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param length how many numbers, at least 1; must be the same whenever it is opened
     * @return the array, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the length below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or size, or there is no room
     */
    public SharedLongArray longs(String name, int length) {
        return objects.longs(name, length);
    }

    /**
     * Opens an array of bytes, or creates it, filled with 0.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param length how many bytes, at least 1; must be the same whenever it is opened
     * @return the array, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the length below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or size, or there is no room
     */
    public SharedByteArray bytes(String name, int length) {
        return objects.bytes(name, length);
    }

    /**
     * Opens an event, or creates it, not set. It stays set until it is cleared.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the event, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room
     */
    public SharedEvent event(String name) {
        return objects.event(name, false);
    }

    /**
     * Opens an event, or creates it, not set. Each time that it is set it lets one waiting thread pass.
     *
     * @param name as that of a region; unique among the objects of all types
     * @return the event, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type, or there is no room
     */
    public SharedEvent autoResetEvent(String name) {
        return objects.event(name, true);
    }

    /**
     * Opens a latch, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param count how often it must be counted down, 0 or more; must be the same whenever it is opened
     * @return the latch, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the count is negative
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or another count, or there is no room
     */
    public SharedLatch latch(String name, int count) {
        return objects.latch(name, count);
    }

    /**
     * Opens a latch that knows its parties, or creates it. It fails when a party dies before it has counted down.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param parties how many must register and count down, 1 to 65 536; must be the same whenever it is opened
     * @return the latch, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the parties are out of range
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or other parties, or there is no room
     */
    public OwnedLatch ownedLatch(String name, int parties) {
        return objects.ownedLatch(name, parties, OwnedLatch.OnPartyDeath.FAIL);
    }

    /**
     * Opens a latch that knows its parties, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param parties how many must register and count down, 1 to 65 536; must be the same whenever it is opened
     * @param onPartyDeath what happens when one dies before; must be the same whenever it is opened
     * @return the latch, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the parties are out of range
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or shape, or there is no room
     */
    public OwnedLatch ownedLatch(String name, int parties, OwnedLatch.OnPartyDeath onPartyDeath) {
        return objects.ownedLatch(name, parties, onPartyDeath);
    }

    /**
     * Opens a barrier, or creates it.
     *
     * @param name as that of a region; unique among the objects of all types
     * @param parties how many must arrive, 1 to 65 536; must be the same whenever it is opened
     * @return the barrier, the same for each handle and name
     * @throws IllegalArgumentException if the name is invalid or the parties are out of range
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to an object of another type or other parties, or there is no room
     */
    public SharedBarrier barrier(String name, int parties) {
        return objects.barrier(name, parties);
    }

    /**
     * Removes an object of any type: its name is free at once, also for another type. Users of the object get a
     * {@link RegionException} with {@link RegionException.Reason#REMOVED}: waiting threads within about 100 ms, in every
     * process, others on their next call. Existing holders are unaffected; releasing has no effect on a new object of the same
     * name. Remove no object that is in use.
     *
     * <p>Its memory is reused when the last handle is closed that was open when it was removed. To create and remove many
     * objects while other processes keep the region open, use a region for each.
     *
     * @param name of the object
     * @return whether it existed
     * @throws IllegalArgumentException if the name is invalid
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region's file was deleted or replaced, or its content is damaged
     */
    public boolean remove(String name) {
        boolean removed = region.objects().remove(name);
        objects.forgetRemoved(name);
        return removed;
    }
}
