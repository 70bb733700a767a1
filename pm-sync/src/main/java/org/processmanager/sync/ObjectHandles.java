package org.processmanager.sync;

import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.barrier.Barrier;
import org.processmanager.sync.internal.barrier.BarrierLayout;
import org.processmanager.sync.internal.buffer.BufferLayout;
import org.processmanager.sync.internal.buffer.CellBuffer;
import org.processmanager.sync.internal.condition.ConditionLayout;
import org.processmanager.sync.internal.condition.RobustCondition;
import org.processmanager.sync.internal.event.EventLayout;
import org.processmanager.sync.internal.event.EventState;
import org.processmanager.sync.internal.latch.LatchCount;
import org.processmanager.sync.internal.latch.LatchLayout;
import org.processmanager.sync.internal.latch.LatchParties;
import org.processmanager.sync.internal.latch.OwnedLatchLayout;
import org.processmanager.sync.internal.mutex.MutexLayout;
import org.processmanager.sync.internal.mutex.RobustMutex;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.rwlock.ReadWriteLayout;
import org.processmanager.sync.internal.rwlock.RobustReadWriteLock;
import org.processmanager.sync.internal.semaphore.CountingSemaphore;
import org.processmanager.sync.internal.semaphore.LeasedLayout;
import org.processmanager.sync.internal.semaphore.PermitCells;
import org.processmanager.sync.internal.semaphore.SemaphoreLayout;
import org.processmanager.sync.internal.value.ArrayMemory;
import org.processmanager.sync.internal.value.BytesLayout;
import org.processmanager.sync.internal.value.ValueLayout;
import org.processmanager.sync.internal.value.ValueWord;
import org.processmanager.sync.internal.value.VersionedBytes;

/**
 * The objects of a region as one handle uses them: found or created, with one Java object for each, since the thread that owns
 * a mutex is known only there.
 */
final class ObjectHandles {
    private final Region region;
    private final ConcurrentMap<RegionObject, Object> handles = new ConcurrentHashMap<>();

    ObjectHandles(Region region) {
        this.region = region;
    }

    SharedMutex mutex(String name) {
        RegionObject object =
                region.objects().findOrCreate(name, SyncObjectTypes.MUTEX, new int[0], MutexLayout.BYTES, null);
        Object known = handles.get(object);
        return (SharedMutex)
                (known != null ? known : add(object, new SharedMutex(new RobustMutex(region, object), object, this)));
    }

    SharedCondition condition(String name, RobustMutex mutex, RegionObject ofMutex) {
        RegionObject object;
        try {
            object = region.objects()
                    .findOrCreate(
                            name,
                            SyncObjectTypes.CONDITION,
                            new int[] {ofMutex.offset()},
                            ConditionLayout.bytes(region.slots()),
                            null);
        } catch (RegionException e) {
            throw e.reason() == RegionException.Reason.TYPE_MISMATCH ? ofOtherMutex(name, mutex, e) : e;
        }
        Object known = handles.get(object);
        return (SharedCondition)
                (known != null ? known : add(object, new SharedCondition(new RobustCondition(region, object, mutex))));
    }

    /** Names the mutex of a condition that was opened with another one. */
    private RegionException ofOtherMutex(String name, RobustMutex mutex, RegionException mismatch) {
        RegionObject found = region.objects().find(name, SyncObjectTypes.CONDITION);
        if (found == null) {
            return mismatch; // it was removed meanwhile
        }
        String owner = region.objects().nameAt(found.dimension(0));
        return new RegionException(
                RegionException.Reason.TYPE_MISMATCH,
                "cannot open condition '" + name + "' with " + mutex + ": it belongs to "
                        + (owner == null
                                ? "a mutex that was removed; remove it, too"
                                : "mutex '" + owner + "'; open it with that one")
                        + " or use another name");
    }

    SharedReadWriteLock readWriteLock(String name) {
        RegionObject object = region.objects()
                .findOrCreate(
                        name, SyncObjectTypes.READ_WRITE_LOCK, new int[0], ReadWriteLayout.bytes(region.slots()), null);
        Object known = handles.get(object);
        return (SharedReadWriteLock)
                (known != null ? known : add(object, new SharedReadWriteLock(new RobustReadWriteLock(region, object))));
    }

    SharedSemaphore semaphore(String name, int permits, boolean fair) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits: " + permits + " (expected: 0 or more)");
        }
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.SEMAPHORE,
                        new int[] {permits, fair ? 1 : 0},
                        SemaphoreLayout.bytes(fair ? region.slots() : 0),
                        (memory, offset) -> SemaphoreLayout.initializePlain(memory, offset, permits));
        Object known = handles.get(object);
        return (SharedSemaphore)
                (known != null ? known : add(object, new SharedSemaphore(new CountingSemaphore(region, object))));
    }

    LeasedSemaphore leasedSemaphore(String name, int permits) {
        if (permits < 1 || permits > LeasedLayout.MAX_PERMITS) {
            throw new IllegalArgumentException(
                    "permits: " + permits + " (expected: 1 to " + LeasedLayout.MAX_PERMITS + ")");
        }
        RegionObject object = region.objects()
                .findOrCreate(
                        name, SyncObjectTypes.LEASED_SEMAPHORE, new int[] {permits}, LeasedLayout.bytes(permits), null);
        Object known = handles.get(object);
        return (LeasedSemaphore)
                (known != null ? known : add(object, new LeasedSemaphore(new PermitCells(region, object))));
    }

    SharedBoundedBuffer boundedBuffer(
            String name, int cells, int cellBytes, SharedBoundedBuffer.OnConsumerDeath onConsumerDeath) {
        if (cells < 1) {
            throw new IllegalArgumentException("cells: " + cells + " (expected: 1 or more)");
        }
        if (cellBytes < 1) {
            throw new IllegalArgumentException("cellBytes: " + cellBytes + " (expected: 1 or more)");
        }
        Objects.requireNonNull(onConsumerDeath, "onConsumerDeath");
        int drops = onConsumerDeath == SharedBoundedBuffer.OnConsumerDeath.DROP ? 1 : 0;
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.BOUNDED_BUFFER,
                        new int[] {cells, cellBytes, drops},
                        BufferLayout.bytes(cells, cellBytes),
                        null);
        Object known = handles.get(object);
        return (SharedBoundedBuffer)
                (known != null ? known : add(object, new SharedBoundedBuffer(new CellBuffer(region, object))));
    }

    SharedLong atomicLong(String name) {
        RegionObject object =
                region.objects().findOrCreate(name, SyncObjectTypes.LONG, new int[0], ValueLayout.BYTES, null);
        Object known = handles.get(object);
        return (SharedLong) (known != null ? known : add(object, new SharedLong(new ValueWord(region, object, true))));
    }

    SharedInt atomicInt(String name) {
        RegionObject object =
                region.objects().findOrCreate(name, SyncObjectTypes.INT, new int[0], ValueLayout.BYTES, null);
        Object known = handles.get(object);
        return (SharedInt) (known != null ? known : add(object, new SharedInt(new ValueWord(region, object, false))));
    }

    SharedBoolean atomicBoolean(String name) {
        RegionObject object =
                region.objects().findOrCreate(name, SyncObjectTypes.BOOLEAN, new int[0], ValueLayout.BYTES, null);
        Object known = handles.get(object);
        return (SharedBoolean)
                (known != null ? known : add(object, new SharedBoolean(new ValueWord(region, object, false))));
    }

    SharedBytes atomicBytes(String name, int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: 1 or more)");
        }
        RegionObject object = region.objects()
                .findOrCreate(name, SyncObjectTypes.BYTES, new int[] {maxBytes}, BytesLayout.bytes(maxBytes), null);
        Object known = handles.get(object);
        return (SharedBytes) (known != null ? known : add(object, new SharedBytes(new VersionedBytes(region, object))));
    }

    SharedLongArray longs(String name, int length) {
        RegionObject object = array(name, SyncObjectTypes.LONG_ARRAY, length, Long.BYTES);
        Object known = handles.get(object);
        return (SharedLongArray)
                (known != null ? known : add(object, new SharedLongArray(new ArrayMemory(region, object))));
    }

    SharedByteArray bytes(String name, int length) {
        RegionObject object = array(name, SyncObjectTypes.BYTE_ARRAY, length, Byte.BYTES);
        Object known = handles.get(object);
        return (SharedByteArray)
                (known != null ? known : add(object, new SharedByteArray(new ArrayMemory(region, object))));
    }

    private RegionObject array(String name, ObjectType type, int length, int elementBytes) {
        if (length < 1) {
            throw new IllegalArgumentException("length: " + length + " (expected: 1 or more)");
        }
        return region.objects().findOrCreate(name, type, new int[] {length}, (long) length * elementBytes, null);
    }

    SharedEvent event(String name, boolean autoReset) {
        RegionObject object = region.objects()
                .findOrCreate(name, SyncObjectTypes.EVENT, new int[] {autoReset ? 1 : 0}, EventLayout.BYTES, null);
        Object known = handles.get(object);
        return (SharedEvent) (known != null ? known : add(object, new SharedEvent(new EventState(region, object))));
    }

    SharedLatch latch(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + " (expected: 0 or more)");
        }
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.LATCH,
                        new int[] {count},
                        LatchLayout.BYTES,
                        (memory, offset) -> LatchLayout.initializePlain(memory, offset, count));
        Object known = handles.get(object);
        return (SharedLatch) (known != null ? known : add(object, new SharedLatch(new LatchCount(region, object))));
    }

    OwnedLatch ownedLatch(String name, int parties, OwnedLatch.OnPartyDeath onPartyDeath) {
        if (parties < 1 || parties > OwnedLatchLayout.MAX_PARTIES) {
            throw new IllegalArgumentException(
                    "parties: " + parties + " (expected: 1 to " + OwnedLatchLayout.MAX_PARTIES + ")");
        }
        Objects.requireNonNull(onPartyDeath, "onPartyDeath");
        int countsDown = onPartyDeath == OwnedLatch.OnPartyDeath.COUNT_DOWN ? 1 : 0;
        RegionObject object = region.objects()
                .findOrCreate(
                        name,
                        SyncObjectTypes.OWNED_LATCH,
                        new int[] {parties, countsDown},
                        OwnedLatchLayout.bytes(parties),
                        null);
        Object known = handles.get(object);
        return (OwnedLatch) (known != null ? known : add(object, new OwnedLatch(new LatchParties(region, object))));
    }

    SharedBarrier barrier(String name, int parties) {
        if (parties < 1 || parties > BarrierLayout.MAX_PARTIES) {
            throw new IllegalArgumentException(
                    "parties: " + parties + " (expected: 1 to " + BarrierLayout.MAX_PARTIES + ")");
        }
        RegionObject object = region.objects()
                .findOrCreate(name, SyncObjectTypes.BARRIER, new int[] {parties}, BarrierLayout.bytes(parties), null);
        Object known = handles.get(object);
        return (SharedBarrier) (known != null ? known : add(object, new SharedBarrier(new Barrier(region, object))));
    }

    /** Adds a handle, unless another thread has added one meanwhile; returns the one that was added. */
    private Object add(RegionObject object, Object handle) {
        Object earlier = handles.putIfAbsent(object, handle);
        forgetRemoved(object.name()); // by another handle or process
        return earlier != null ? earlier : handle;
    }

    /** Forgets removed objects of a name, but never the current one, which must not have two handles. */
    void forgetRemoved(String name) {
        for (Iterator<RegionObject> all = handles.keySet().iterator(); all.hasNext(); ) {
            RegionObject object = all.next();
            if (object.name().equals(name) && !region.objects().contains(object)) {
                all.remove();
            }
        }
    }
}
