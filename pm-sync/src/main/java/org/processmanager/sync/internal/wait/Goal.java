package org.processmanager.sync.internal.wait;

/** Something to wait for. */
public interface Goal {
    /** Tries without blocking; has no effect unless it succeeds. */
    boolean attempt();

    /** Repairs what dead participants own, and watches the live ones: before each sleep. */
    void beforeSleep();
}
