package org.processmanager.sync.internal.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.region.WaitSource;
import org.processmanager.sync.internal.region.WaitSource.Owner;
import org.processmanager.sync.internal.region.WaitSource.Waiter;
import org.processmanager.sync.internal.region.object.RegionObject;

/** What was read of one region: its waits, then the owners of what was waited for, then its waits again. */
final class RegionWaits {
    final WaitSource source;
    private final Map<Integer, RegionObject> objects = new HashMap<>();
    private final Map<Integer, List<Owner>> owners = new HashMap<>();
    private List<Waiter> before = List.of();
    private List<Waiter> after = List.of();

    RegionWaits(WaitSource source) {
        this.source = source;
    }

    void readBefore() {
        before = source.waiters();
    }

    void readOwners() {
        for (RegionObject object : source.objects()) {
            objects.put(object.offset(), object);
        }
        for (Waiter waiter : before) {
            RegionObject object = object(waiter);
            if (object != null && !owners.containsKey(object.offset())) {
                owners.put(object.offset(), source.owners(object));
            }
        }
    }

    void readAfter() {
        after = source.waiters();
    }

    /** Returns the threads that waited at first, or had read holds while they waited for another object. */
    List<Waiter> waiters() {
        return before;
    }

    /** Returns the threads that had read holds of the object of a waiter, in one participant, while they waited for another. */
    List<Waiter> readers(Waiter writer, int participant) {
        List<Waiter> readers = new ArrayList<>();
        for (Waiter reader : before) {
            if (!reader.record().isWait()
                    && reader.record().object() == writer.record().object()
                    && reader.record().participant() == participant) {
                readers.add(reader);
            }
        }
        return readers;
    }

    /** Returns the object of a record; null if it was removed. */
    @Nullable
    RegionObject object(Waiter waiter) {
        return objects.get(waiter.record().object());
    }

    List<Owner> owners(RegionObject object) {
        return owners.getOrDefault(object.offset(), List.of());
    }

    /** Returns whether a record stayed unchanged until after the owners were read. */
    boolean lasted(Waiter waiter) {
        for (Waiter later : after) {
            if (waiter.record().lastedUntil(later.record())) {
                return true;
            }
        }
        return false;
    }
}
