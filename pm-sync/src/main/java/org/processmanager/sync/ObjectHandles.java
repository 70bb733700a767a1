package org.processmanager.sync;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.processmanager.sync.SharedBoundedBuffer.AfterDeath;
import org.processmanager.sync.internal.BufferDescriptor;
import org.processmanager.sync.internal.CellBuffer;
import org.processmanager.sync.internal.CountingSemaphore;
import org.processmanager.sync.internal.Kinds;
import org.processmanager.sync.internal.LeasedDescriptor;
import org.processmanager.sync.internal.MutexDescriptor;
import org.processmanager.sync.internal.PermitCells;
import org.processmanager.sync.internal.RobustMutex;
import org.processmanager.sync.internal.SemaphoreDescriptor;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.RegionObject;

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
        RegionObject object =
                region.objects().findOrCreate(name, Kinds.MUTEX, new int[0], MutexDescriptor.BYTES, (memory, at) -> {});
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
                        Kinds.SEMAPHORE,
                        new int[] {permits},
                        SemaphoreDescriptor.BYTES,
                        (memory, at) -> SemaphoreDescriptor.initializePlain(memory, at, permits));
        return handle(
                SharedSemaphore.class,
                object,
                o -> new SharedSemaphore(new CountingSemaphore(region, o.name(), o.offset(), o.offset())));
    }

    LeasedSemaphore leasedSemaphore(String name, int permits) {
        if (permits < 1 || permits > LeasedDescriptor.MOST_PERMITS) {
            throw new IllegalArgumentException(
                    "permits: " + permits + " (expected: 1 to " + LeasedDescriptor.MOST_PERMITS + ")");
        }
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        Kinds.LEASED_SEMAPHORE,
                        new int[] {permits},
                        LeasedDescriptor.bytes(permits),
                        (memory, at) -> {});
        return handle(LeasedSemaphore.class, object, o -> new LeasedSemaphore(new PermitCells(region, o)));
    }

    SharedBoundedBuffer boundedBuffer(String name, int cells, int cellBytes, AfterDeath afterDeath) {
        if (cells < 1) {
            throw new IllegalArgumentException("cells: " + cells + " (expected: 1 or more)");
        }
        if (cellBytes < 1) {
            throw new IllegalArgumentException("cellBytes: " + cellBytes + " (expected: 1 or more)");
        }
        int drops = Objects.requireNonNull(afterDeath, "afterDeath") == AfterDeath.DROP ? 1 : 0;
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        Kinds.BOUNDED_BUFFER,
                        new int[] {cells, cellBytes, drops},
                        BufferDescriptor.bytes(cells, cellBytes),
                        (memory, at) -> {});
        return handle(SharedBoundedBuffer.class, object, o -> new SharedBoundedBuffer(new CellBuffer(region, o)));
    }

    SharedLong longValue(String name) {
        RegionObject object =
                region.objects().findOrCreate(name, Kinds.LONG, new int[0], Long.BYTES, (memory, at) -> {});
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
