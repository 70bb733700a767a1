package org.processmanager.sync.internal.region;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the open regions of this process once a second: that they were not deleted and their files still have their names,
 * which a thread that never waits would not notice, and that the threads which own their mutexes are alive, which other
 * processes cannot see. Ten times a second if a region has objects whose users may never have to wait and so would not notice
 * a dead participant ({@link Region#repairPeriodically}). One daemon thread, as long as a region is open.
 */
final class RegionWatcher implements Runnable {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REPAIR_PERIOD_NANOS = PERIOD_NANOS / 10;
    private static final Set<Region> REGIONS = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by itself
    private static @Nullable Thread watcher; // guarded by REGIONS

    private RegionWatcher() {}

    /** Checks a region until it is removed or unreachable. */
    static void add(Region region) {
        synchronized (REGIONS) {
            REGIONS.add(region);
            if (watcher == null) {
                Thread thread = Threads.daemon("pm-regions", new RegionWatcher());
                try {
                    thread.start();
                    watcher = thread;
                } catch (OutOfMemoryError e) {
                    log().warn("cannot start a thread: a replaced region file may be noticed late or never", e);
                }
            }
        }
    }

    static void remove(Region region) {
        synchronized (REGIONS) {
            REGIONS.remove(region);
            if (REGIONS.isEmpty() && watcher != null) {
                LockSupport.unpark(watcher);
                watcher = null;
            }
        }
    }

    /** Wakes the thread, since it may be in a long pause. */
    static void speedUp() {
        synchronized (REGIONS) {
            LockSupport.unpark(watcher);
        }
    }

    /** Repairs at once what a closed handle owned, through another handle that this process has of the region. */
    static void repairAfter(Region closed) {
        for (Region region : regions()) {
            if (region.repairsPeriodically() && region.id().equals(closed.id())) {
                region.repairQuietly(closed.participants().self());
            }
        }
    }

    /** Releases what terminated threads own, through all handles that this process has of one region. */
    static void checkOwners(UUID id) {
        for (Region region : regions()) {
            if (region.id().equals(id)) {
                region.checkOwners();
            }
        }
    }

    /** Returns the logger, only when needed: loading it takes a part of the time in which a first region opens. */
    private static Logger log() {
        return LoggerFactory.getLogger(RegionWatcher.class);
    }

    private static List<Region> regions() {
        synchronized (REGIONS) {
            return new ArrayList<>(REGIONS);
        }
    }

    @Override
    public void run() {
        long pause = PERIOD_NANOS;
        while (true) {
            LockSupport.parkNanos(RegionWatcher.class, pause);
            synchronized (REGIONS) {
                if (watcher != Thread.currentThread()) {
                    return;
                }
                if (REGIONS.isEmpty()) { // unclosed regions were garbage collected
                    watcher = null;
                    return;
                }
            }
            pause = PERIOD_NANOS;
            for (Region region : regions()) {
                check(region);
                if (region.repairsPeriodically()) {
                    pause = REPAIR_PERIOD_NANOS;
                }
            }
        }
    }

    private static void check(Region region) {
        try {
            region.verifyFile();
            region.checkOwners();
            if (region.repairsPeriodically()) {
                region.repairDead();
            }
        } catch (RuntimeException e) {
            log().debug("cannot check {}; it may have been closed", region, e);
        }
    }
}
