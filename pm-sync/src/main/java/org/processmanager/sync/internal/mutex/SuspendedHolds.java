package org.processmanager.sync.internal.mutex;

/**
 * The holds of a thread that waits for a condition, or has waited.
 *
 * @param ownership what identifies the acquisition to its holds: the word of the first one
 * @param reentries holds beyond the first
 * @param word the word under which the thread has acquired the mutex again; 0 while it waits
 * @param orphaned whether that acquisition is after a death
 */
public record SuspendedHolds(long ownership, int reentries, long word, boolean orphaned) {
    SuspendedHolds resumed(long as, boolean afterDeath) {
        return new SuspendedHolds(ownership, reentries, as, afterDeath);
    }
}
