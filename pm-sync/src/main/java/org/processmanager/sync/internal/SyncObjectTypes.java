package org.processmanager.sync.internal;

import org.processmanager.sync.internal.barrier.BarrierHandler;
import org.processmanager.sync.internal.barrier.BarrierLayout;
import org.processmanager.sync.internal.buffer.BufferHandler;
import org.processmanager.sync.internal.buffer.BufferLayout;
import org.processmanager.sync.internal.condition.ConditionHandler;
import org.processmanager.sync.internal.condition.ConditionLayout;
import org.processmanager.sync.internal.event.EventHandler;
import org.processmanager.sync.internal.event.EventLayout;
import org.processmanager.sync.internal.latch.LatchHandler;
import org.processmanager.sync.internal.latch.LatchLayout;
import org.processmanager.sync.internal.latch.OwnedLatchHandler;
import org.processmanager.sync.internal.latch.OwnedLatchLayout;
import org.processmanager.sync.internal.mutex.MutexHandler;
import org.processmanager.sync.internal.mutex.MutexLayout;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.ObjectTypes;
import org.processmanager.sync.internal.rwlock.ReadWriteHandler;
import org.processmanager.sync.internal.rwlock.ReadWriteLayout;
import org.processmanager.sync.internal.semaphore.LeasedHandler;
import org.processmanager.sync.internal.semaphore.LeasedLayout;
import org.processmanager.sync.internal.semaphore.SemaphoreHandler;
import org.processmanager.sync.internal.semaphore.SemaphoreLayout;
import org.processmanager.sync.internal.value.BytesHandler;
import org.processmanager.sync.internal.value.BytesLayout;
import org.processmanager.sync.internal.value.ValueHandler;
import org.processmanager.sync.internal.value.ValueLayout;

/**
 * The object types of this module. Also a service, so that a JVM that opens regions through another module only repairs them,
 * too.
 */
public final class SyncObjectTypes implements ObjectTypes {
    public static final ObjectType MUTEX = ObjectType.of(1, "mutex", MutexLayout.LAYOUT);
    public static final ObjectType SEMAPHORE = ObjectType.of(2, "semaphore", SemaphoreLayout.LAYOUT, "permits", "fair");
    public static final ObjectType BOUNDED_BUFFER =
            ObjectType.of(3, "bounded buffer", BufferLayout.LAYOUT, "cells", "cellBytes", "drops");
    public static final ObjectType LONG = ObjectType.of(4, "long", ValueLayout.LONG_LAYOUT);

    public static final ObjectType LEASED_SEMAPHORE =
            ObjectType.of(5, "leased semaphore", LeasedLayout.LAYOUT, "permits");
    public static final ObjectType EVENT = ObjectType.of(6, "event", EventLayout.LAYOUT, "autoReset");
    public static final ObjectType LATCH = ObjectType.of(7, "latch", LatchLayout.LAYOUT, "count");
    public static final ObjectType OWNED_LATCH =
            ObjectType.of(8, "owned latch", OwnedLatchLayout.LAYOUT, "parties", "countsDown");
    public static final ObjectType BARRIER = ObjectType.of(9, "barrier", BarrierLayout.LAYOUT, "parties");
    public static final ObjectType READ_WRITE_LOCK = ObjectType.of(10, "read-write lock", ReadWriteLayout.LAYOUT);
    public static final ObjectType INT = ObjectType.of(12, "int", ValueLayout.INT_LAYOUT);
    public static final ObjectType BOOLEAN = ObjectType.of(13, "boolean", ValueLayout.INT_LAYOUT);
    public static final ObjectType BYTES = ObjectType.of(14, "bytes", BytesLayout.LAYOUT, "maxBytes");
    public static final ObjectType LONG_ARRAY = ObjectType.of(15, "long array", 1, "length");
    public static final ObjectType BYTE_ARRAY = ObjectType.of(32, "byte array", 1, "length");

    public static final ObjectType CONDITION = ObjectType.of(11, "condition", ConditionLayout.LAYOUT, "mutex");

    @Override
    public void register() {
        ObjectHandler.register(MUTEX, new MutexHandler());
        ObjectHandler.register(SEMAPHORE, new SemaphoreHandler());
        ObjectHandler.register(LEASED_SEMAPHORE, new LeasedHandler());
        ObjectHandler.register(BOUNDED_BUFFER, new BufferHandler());
        ObjectHandler.register(LONG, ValueHandler.LONG);
        ObjectHandler.register(EVENT, new EventHandler());
        ObjectHandler.register(LATCH, new LatchHandler());
        ObjectHandler.register(OWNED_LATCH, new OwnedLatchHandler());
        ObjectHandler.register(BARRIER, new BarrierHandler());
        ObjectHandler.register(READ_WRITE_LOCK, new ReadWriteHandler());
        ObjectHandler.register(CONDITION, new ConditionHandler());
        ObjectHandler.register(INT, ValueHandler.INT);
        ObjectHandler.register(BOOLEAN, ValueHandler.BOOLEAN);
        ObjectHandler.register(BYTES, new BytesHandler());
        ObjectHandler.register(LONG_ARRAY, ValueHandler.ARRAY);
        ObjectHandler.register(BYTE_ARRAY, ValueHandler.ARRAY);
    }
}
