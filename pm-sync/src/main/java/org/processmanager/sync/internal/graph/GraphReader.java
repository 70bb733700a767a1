package org.processmanager.sync.internal.graph;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.internal.region.WaitSource;
import org.processmanager.sync.internal.region.WaitSource.Owner;
import org.processmanager.sync.internal.region.WaitSource.ThreadKey;
import org.processmanager.sync.internal.region.WaitSource.Waiter;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.object.ObjectHandler.Role;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Reads the graph of some regions: all waits, then the owners of all objects that threads wait for, then all waits again.
 *
 * <p>Why a cycle is certain. A wait that both readings saw unchanged lasted all the time between. A blocked thread releases
 * nothing, so what it owned when the owners were read, it owned all that time, too. So there was one moment at which every thread
 * of the cycle waited for what the next one owned, and could continue only if that one did. For that, an owner must be the only
 * thread that can release, which is true of mutexes and read-write locks; and the wait must be unlimited.
 *
 * <p>A thread that has just got what it waited for still has its record. It is then the owner of a mutex, which it did not own
 * before. A reader is not named by any word, so its record says that it tries.
 */
public final class GraphReader {
    private final List<RegionWaits> regions = new ArrayList<>();
    private final Map<ThreadKey, String> names = new HashMap<>();
    private final Map<ThreadKey, BlockedThread> blocked = new LinkedHashMap<>();

    private GraphReader(List<? extends WaitSource> sources) {
        for (WaitSource source : sources) {
            if (regions.stream().noneMatch(known -> known.source.id().equals(source.id()))) {
                regions.add(new RegionWaits(source));
            }
        }
    }

    /** Reads the graph of some regions, each once. */
    public static WaitGraph read(List<? extends WaitSource> sources) {
        return new GraphReader(sources).read();
    }

    private WaitGraph read() {
        Instant now = Instant.now();
        regions.forEach(RegionWaits::readBefore);
        regions.forEach(RegionWaits::readOwners);
        regions.forEach(RegionWaits::readAfter);
        for (RegionWaits region : regions) {
            for (Waiter waiter : region.waiters()) {
                names.put(waiter.key(), waiter.record().name());
            }
        }
        List<WaitGraph.Wait> waits = new ArrayList<>();
        int unlisted = 0;
        for (RegionWaits region : regions) {
            waits.addAll(waits(region));
            unlisted += region.source.unlisted();
        }
        return new WaitGraph(now, waits, new CycleSearch(blocked).deadlocks(), unlisted);
    }

    private List<WaitGraph.Wait> waits(RegionWaits region) {
        List<WaitGraph.Wait> waits = new ArrayList<>();
        for (Waiter waiter : region.waiters()) {
            RegionObject object = region.object(waiter);
            if (waiter.record().isWait() && object != null) {
                waits.add(wait(region, object, waiter));
            }
        }
        waits.sort(Comparator.comparing(WaitGraph.Wait::object).thenComparing(WaitGraph.Wait::since));
        return waits;
    }

    private WaitGraph.Wait wait(RegionWaits region, RegionObject object, Waiter waiter) {
        List<RegionSnapshot.Owner> owners = new ArrayList<>();
        List<ThreadKey> blockers = new ArrayList<>();
        for (Owner owner : region.owners(object)) {
            if (waiter.record().purpose() == WaitLayout.AWAIT_READERS
                    && owner.word().role() == Role.READ) {
                addReaders(region, waiter, owner, owners, blockers);
            } else if (isInTheWay(owner.word().role(), waiter.record().purpose())) {
                owners.add(describe(owner));
                if (isBlocker(owner, waiter)) {
                    blockers.add(owner.key());
                }
            }
        }
        WaitGraph.Wait wait = new WaitGraph.Wait(
                waiter.key().pid(),
                waiter.process(),
                waiter.record().thread(),
                waiter.record().name(),
                region.source.path(),
                object.name(),
                object.type().name(),
                purpose(waiter.record().purpose()),
                Instant.ofEpochMilli(waiter.record().sinceMillis()),
                waiter.record().limited(),
                owners);
        if (!waiter.record().limited() && region.lasted(waiter)) {
            blocked.put(waiter.key(), new BlockedThread(wait, blockers));
        }
        return wait;
    }

    private static boolean isInTheWay(Role role, int purpose) {
        return switch (role) {
            case PART, EXCLUSIVE -> purpose != WaitLayout.AWAIT_READERS;
            case UPDATE -> purpose == WaitLayout.WRITE;
            case READ -> false;
        };
    }

    /**
     * Returns whether the waiter can continue only after the owner's thread has. Through the same handle a thread does not wait for
     * itself: then it has just acquired the object.
     */
    private static boolean isBlocker(Owner owner, Waiter waiter) {
        boolean isSelf = owner.key().equals(waiter.key())
                && owner.word().participant() == waiter.record().participant();
        return owner.word().role() != Role.PART && owner.alive() && !isSelf;
    }

    /** Adds the threads of one participant that read what a writer waits for: those that wait are known, others only counted. */
    private void addReaders(
            RegionWaits region,
            Waiter writer,
            Owner participant,
            List<RegionSnapshot.Owner> owners,
            List<ThreadKey> blockers) {
        List<Waiter> readers = region.readers(writer, participant.word().participant());
        if (readers.isEmpty()) {
            owners.add(describe(participant));
        }
        for (Waiter reader : readers) {
            if (reader.key().equals(writer.key())
                    && reader.record().participant() == writer.record().participant()) {
                continue; // a writer does not wait for its own read holds
            }
            owners.add(new RegionSnapshot.Owner(
                    reader.key().pid(),
                    reader.process(),
                    reader.record().thread(),
                    reader.record().name(),
                    null,
                    participant.alive()));
            if (participant.alive() && region.lasted(reader)) {
                blockers.add(reader.key());
            }
        }
    }

    private RegionSnapshot.Owner describe(Owner owner) {
        String name = owner.word().threadName();
        long since = owner.word().sinceMillis();
        return new RegionSnapshot.Owner(
                owner.key().pid(),
                owner.process(),
                owner.word().thread(),
                name.isEmpty() ? names.getOrDefault(owner.key(), "") : name,
                since == 0 ? null : Instant.ofEpochMilli(since),
                owner.alive());
    }

    private static WaitGraph.Purpose purpose(int purpose) {
        return switch (purpose) {
            case WaitLayout.READ -> WaitGraph.Purpose.READ;
            case WaitLayout.WRITE, WaitLayout.AWAIT_READERS -> WaitGraph.Purpose.WRITE;
            default -> WaitGraph.Purpose.ACQUIRE;
        };
    }
}
