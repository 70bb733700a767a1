package org.processmanager.examples.app.demo;

/** Receives the progress of a run, several times a second. */
@FunctionalInterface
public interface Progress {
    /** Ignores the progress. */
    Progress SILENT = (items, expected, elapsedNanos) -> {};

    void update(long items, long expected, long elapsedNanos);
}
