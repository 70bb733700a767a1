package org.processmanager.sync;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.processmanager.sync.SharedBoundedBuffer.OnConsumerDeath;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.buffer.BufferLayout;
import org.processmanager.sync.internal.buffer.CellBuffer;
import org.processmanager.sync.internal.mutex.MutexLayout;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.semaphore.CountingSemaphore;
import org.processmanager.sync.internal.semaphore.LeasedLayout;
import org.processmanager.sync.internal.semaphore.PermitCells;
import org.processmanager.sync.internal.semaphore.SemaphoreLayout;

/**
 * The objects of a region as one handle has them: found or made as asked for, and one Java object for each, since which thread
 * owns a mutex is known there alone.
 */
final class ObjectHandles {
    private final Region region;
    private final Map<RegionObject, Object> handles = new ConcurrentHashMap<>();

    ObjectHandles(Region region) {
        this.region = region;
    }

    SharedMutex mutex(String name) {
        RegionObject object = region.objects()
                .findOrCreate(name, SyncObjectTypes.MUTEX, new int[0], MutexLayout.BYTES, (memory, at) -> {});
        return handle(
                SharedMutex.class,
                object,
                o -> new SharedMutex(new RobustMutex(region, o.name(), o.offset(), o.offset())));
    }

    SharedSemaphore semaphore(String name, int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits: " + permits + " (expected: 0 or more)");
        }
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.SEMAPHORE,
                        new int[] {permits},
                        SemaphoreLayout.BYTES,
                        (memory, at) -> SemaphoreLayout.initializePlain(memory, at, permits));
        return handle(
                SharedSemaphore.class,
                object,
                o -> new SharedSemaphore(new CountingSemaphore(region, o.name(), o.offset(), o.offset())));
    }

    LeasedSemaphore leasedSemaphore(String name, int permits) {
        if (permits < 1 || permits > LeasedLayout.MOST_PERMITS) {
            throw new IllegalArgumentException(
                    "permits: " + permits + " (expected: 1 to " + LeasedLayout.MOST_PERMITS + ")");
        }
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.LEASED_SEMAPHORE,
                        new int[] {permits},
                        LeasedLayout.bytes(permits),
                        (memory, at) -> {});
        return handle(LeasedSemaphore.class, object, o -> new LeasedSemaphore(new PermitCells(region, o)));
    }

    SharedBoundedBuffer boundedBuffer(String name, int cells, int cellBytes, OnConsumerDeath onConsumerDeath) {
        if (cells < 1) {
            throw new IllegalArgumentException("cells: " + cells + " (expected: 1 or more)");
        }
        if (cellBytes < 1) {
            throw new IllegalArgumentException("cellBytes: " + cellBytes + " (expected: 1 or more)");
        }
        int drops = Objects.requireNonNull(onConsumerDeath, "onConsumerDeath") == OnConsumerDeath.DROP ? 1 : 0;
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.BOUNDED_BUFFER,
                        new int[] {cells, cellBytes, drops},
                        BufferLayout.bytes(cells, cellBytes),
                        (memory, at) -> {});
        return handle(SharedBoundedBuffer.class, object, o -> new SharedBoundedBuffer(new CellBuffer(region, o)));
    }

    SharedLong atomicLong(String name) {
        RegionObject object =
                region.objects().findOrCreate(name, SyncObjectTypes.LONG, new int[0], Long.BYTES, (memory, at) -> {});
        return handle(SharedLong.class, object, o -> new SharedLong(region, o));
    }

    private <T> T handle(Class<T> type, RegionObject object, Function<RegionObject, T> make) {
        Object known = handles.get(object);
        if (known == null) {
            known = handles.computeIfAbsent(object, make);
            forgetRemoved(object.name()); // by others, here or elsewhere
        }
        return type.cast(known);
    }

    /** Lets go of what had that name and was removed; never of what has it now, of which there would be two then. */
    void forgetRemoved(String name) {
        handles.keySet()
                .removeIf(object ->
                        object.name().equals(name) && !region.objects().contains(object));
    }
}
