package org.processmanager.sync.internal.wait;

import org.processmanager.sync.internal.region.park.Slices;

/** Something to wait for. */
public interface Goal {
    /** Tries without blocking; has no effect unless it succeeds. */
    boolean attempt();

    /** Repairs what dead participants own, and watches the live ones: before a sleep, see {@link Slices#searchDead}. */
    void searchDead();
}
