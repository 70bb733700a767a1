package org.processmanager.sync.internal.region;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.processmanager.sync.internal.region.layout.WaitRecord;
import org.processmanager.sync.internal.region.object.ObjectHandler.OwnerWord;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Which threads wait in one region, and the owners of what they wait for: each call reads the present state. */
public interface WaitSource {
    /** Identifies a thread on this machine. */
    record ThreadKey(long pid, long startTicks, long thread) {}

    /** A thread that waits, or has read holds while it waits for another object. */
    record Waiter(WaitRecord record, ThreadKey key, String process) {}

    /** An owner of an object. */
    record Owner(OwnerWord word, ThreadKey key, String process, boolean alive) {}

    /** Returns the file of the region. */
    Path path();

    /** Returns the id of the region. */
    UUID id();

    /** Returns the records of all live participants. */
    List<Waiter> waiters();

    /** Returns how many threads wait that have no record. */
    int unlisted();

    List<RegionObject> objects();

    List<Owner> owners(RegionObject object);
}
