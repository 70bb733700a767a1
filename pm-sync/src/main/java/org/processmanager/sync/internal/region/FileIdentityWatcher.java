package org.processmanager.sync.internal.region;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether the files of open regions still have their names: who takes what is free at once would never
 * notice that others, by the same name, use another file. One thread, as long as a region with a name is open.
 */
final class FileIdentityWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(FileIdentityWatcher.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Set<Region> REGIONS = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by itself
    private static @Nullable Thread watcher; // guarded by REGIONS

    private FileIdentityWatcher() {}

    /** Watches the name of a region until it is removed or unreachable. */
    static void add(Region region) {
        synchronized (REGIONS) {
            REGIONS.add(region);
            if (watcher == null) {
                start();
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

    private static void start() {
        Thread thread = new Thread(FileIdentityWatcher::watch, "pm-names");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        try {
            thread.start();
            watcher = thread;
        } catch (OutOfMemoryError e) {
            LOG.warn("there is no thread to be had; that a region's file is replaced is noticed late or not at all", e);
        }
    }

    private static void watch() {
        while (true) {
            LockSupport.parkNanos(FileIdentityWatcher.class, LOOK_NANOS);
            List<Region> regions;
            synchronized (REGIONS) {
                if (watcher != Thread.currentThread()) {
                    return;
                }
                if (REGIONS.isEmpty()) { // those that were left unclosed were collected
                    watcher = null;
                    return;
                }
                regions = List.copyOf(REGIONS);
            }
            for (Region region : regions) {
                try {
                    region.lookForName();
                } catch (RuntimeException e) {
                    LOG.debug("cannot look for the file of {}; it may have been closed", region, e);
                }
            }
        }
    }
}
