package org.processmanager.sync.internal;

import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.ObjectKind;
import org.processmanager.sync.internal.region.ObjectKinds;
import org.processmanager.sync.internal.region.Words;

/**
 * The kinds of objects of this module, a service so that a JVM that has opened regions by another module alone repairs them,
 * too.
 */
public final class Kinds implements ObjectKinds {
    public static final ObjectKind MUTEX = ObjectKind.of(1, "mutex", MutexDescriptor.LAYOUT);
    public static final ObjectKind SEMAPHORE = ObjectKind.of(2, "semaphore", SemaphoreDescriptor.LAYOUT, "permits");
    public static final ObjectKind BOUNDED_BUFFER =
            ObjectKind.of(3, "bounded buffer", BufferDescriptor.LAYOUT, "cells", "cellBytes", "drops");
    public static final ObjectKind LONG = ObjectKind.of(4, "long", 1);

    public static final ObjectKind LEASED_SEMAPHORE =
            ObjectKind.of(5, "leased semaphore", LeasedDescriptor.LAYOUT, "permits");

    @Override
    public void register() {
        ObjectCare.register(MUTEX, new MutexCare());
        ObjectCare.register(
                SEMAPHORE,
                new CountCare(
                        " permits", copy -> SemaphoreDescriptor.permits(SemaphoreDescriptor.wordVolatile(copy, 0))));
        ObjectCare.register(LEASED_SEMAPHORE, new LeasedCare());
        ObjectCare.register(BOUNDED_BUFFER, new BufferCare());
        ObjectCare.register(LONG, new CountCare("", copy -> Words.longVolatile(copy, 0)));
    }
}
