package org.processmanager.examples.app.demo;

import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;

/** One run of producers and consumers. Whatever happens, closing it leaves no process, no thread and no file. */
public interface Job extends AutoCloseable {
    /**
     * Does the job.
     *
     * @return what came out, also when a party failed
     * @throws InterruptedException if interrupted, or closed by another thread
     * @throws ProcessManagerException if the region or the ledger cannot be made, or no party be started
     */
    DemoReport run(Progress watcher) throws InterruptedException;

    /** Adds a listener, told of every party's start and end. */
    void addListener(EventListener listener);

    @Override
    void close();
}
