package org.processmanager.sync.internal;

import java.util.List;
import org.processmanager.sync.internal.region.ObjectKind;

/** The kinds of objects of this module. */
public final class Kinds {
    public static final ObjectKind MUTEX = ObjectKind.of(1, "mutex", MutexDescriptor.LAYOUT);
    public static final ObjectKind SEMAPHORE = ObjectKind.of(2, "semaphore", SemaphoreDescriptor.LAYOUT, "permits");
    public static final ObjectKind BOUNDED_BUFFER =
            ObjectKind.of(3, "bounded buffer", BufferDescriptor.LAYOUT, "cells", "cellBytes");
    public static final ObjectKind LONG = ObjectKind.of(4, "long", 1);

    private static final List<ObjectKind> ALL = List.of(MUTEX, SEMAPHORE, BOUNDED_BUFFER, LONG);

    private Kinds() {}

    /** The kind with that code; one of another module's is known by its number alone. */
    public static ObjectKind of(int code) {
        return ALL.stream()
                .filter(kind -> kind.code() == code)
                .findFirst()
                .orElseGet(() -> ObjectKind.of(Math.max(1, code), "kind " + code, 0, "a", "b", "c"));
    }
}
