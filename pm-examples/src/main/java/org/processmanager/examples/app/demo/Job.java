package org.processmanager.examples.app.demo;

import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;

/** One run of producers and consumers. Closing it leaves neither processes nor threads nor files after any outcome. */
public interface Job extends AutoCloseable {
    /**
     * Runs producers and consumers.
     *
     * @return the outcome, also if a party failed
     * @throws InterruptedException if interrupted, or closed by another thread
     * @throws ProcessManagerException if the region or the ledger cannot be created, or a party cannot be started
     */
    DemoReport run(Progress watcher) throws InterruptedException;

    /** Adds a listener for the start and end of every party. */
    void addListener(EventListener listener);

    @Override
    void close();
}
