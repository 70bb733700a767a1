package org.processmanager.examples.app.demo;

/** Is told, some times a second, how far a run has come. */
@FunctionalInterface
public interface Progress {
    /** Nobody wants to know. */
    Progress SILENT = (items, expected, elapsedNanos) -> {};

    void update(long items, long expected, long elapsedNanos);
}
