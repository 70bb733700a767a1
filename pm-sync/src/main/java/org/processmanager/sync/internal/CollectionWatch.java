package org.processmanager.sync.internal;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after each garbage collection for what is owned by holds and leases that nobody can close any more, or by threads
 * that have ended.
 *
 * <p>A thread waits for the collector to clear a reference to an object that nobody has, and does nothing between two
 * collections. There is one as long as regions with such things are open.
 */
public final class CollectionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionWatch.class);
    private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
    private static final Set<Claims> CLAIMS = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by itself
    private static @Nullable Thread watcher; // guarded by CLAIMS

    /** Keeps the reference that tells of the next collection reachable. */
    private static volatile @Nullable Found alarm;

    private CollectionWatch() {}

    /** Something that can be owned by this JVM. */
    public interface Claims {
        /** Whether nothing is owned by it any more, for ever. */
        boolean isOver();

        /** There was a collection. */
        void afterCollection();

        /** Nobody can give that back: to be ignored if it is not owned as told. */
        void abandon(int index, long ownership);
    }

    /** A reference whose clearing is told. */
    public abstract static class Found extends WeakReference<Object> {
        public Found(Object referent) {
            super(referent, QUEUE);
        }

        public abstract void unreachable();
    }

    /** Looks after them until they are over or unreachable. */
    public static void add(Claims claims) {
        synchronized (CLAIMS) {
            CLAIMS.add(claims);
            if (watcher == null) {
                arm();
                Thread thread = new Thread(CollectionWatch::watch, "pm-unclosed");
                thread.setDaemon(true);
                thread.setContextClassLoader(null);
                thread.start();
                watcher = thread;
            }
        }
    }

    /** Something is over: stops looking after it. */
    public static void sweep() {
        synchronized (CLAIMS) {
            CLAIMS.removeIf(Claims::isOver);
            Thread thread = watcher;
            if (thread != null && CLAIMS.isEmpty()) {
                thread.interrupt();
                watcher = null;
            }
        }
    }

    private static void arm() {
        alarm = new Found(new Object()) {
            @Override
            public void unreachable() {
                arm();
                afterCollection();
            }
        };
    }

    private static void watch() {
        try {
            while (true) {
                Found found = (Found) QUEUE.remove();
                try {
                    found.unreachable();
                } catch (RuntimeException e) {
                    LOG.debug("cannot take back what was left unclosed; its region may have been closed", e);
                }
            }
        } catch (InterruptedException e) {
            LOG.trace("nothing is left that could be left unclosed");
        }
    }

    private static void afterCollection() {
        sweep(); // those of handles that were not closed either may be gone
        List<Claims> all;
        synchronized (CLAIMS) {
            all = List.copyOf(CLAIMS);
        }
        for (Claims claims : all) {
            try {
                claims.afterCollection();
            } catch (RuntimeException e) {
                LOG.debug("cannot look after what may be left unclosed; its region may have been closed", e);
            }
        }
    }
}
