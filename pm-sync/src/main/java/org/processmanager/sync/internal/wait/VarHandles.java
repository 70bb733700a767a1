package org.processmanager.sync.internal.wait;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;

/** Fields that several threads use in another order than that of volatile ones. */
public final class VarHandles {
    private VarHandles() {}

    /** The field of the class that looks it up. */
    public static VarHandle ofField(Lookup lookup, String name, Class<?> type) {
        try {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no field " + name + " of " + lookup.lookupClass(), e);
        }
    }
}
