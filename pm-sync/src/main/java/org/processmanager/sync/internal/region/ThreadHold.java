package org.processmanager.sync.internal.region;

/**
 * What one thread may hold of an object, where no word of the object names that thread. A thread that waits states it in the
 * object's region, so that others can see which thread they wait for. Used by that thread only.
 */
public interface ThreadHold {
    /** The thread begins to wait for some object of some region. */
    void beginWait();

    /** Reverts {@link #beginWait}. */
    void endWait();
}
