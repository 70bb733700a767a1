package org.processmanager.sync.internal.wait;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;

/** Access to fields with a memory order other than that of volatile fields. */
public final class VarHandles {
    private VarHandles() {}

    /** Returns the handle of a field of the looked-up class. */
    public static VarHandle ofField(Lookup lookup, String name, Class<?> type) {
        try {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no field " + name + " of " + lookup.lookupClass(), e);
        }
    }
}
