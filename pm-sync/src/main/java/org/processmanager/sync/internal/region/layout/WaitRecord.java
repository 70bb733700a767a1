package org.processmanager.sync.internal.region.layout;

/**
 * What a wait record says.
 *
 * @param participant as words name it
 * @param uses how many waits the record has had: two readings with the same number saw the same wait
 * @param object offset of the object; 0 if the record does not count
 * @param purpose one of those of {@link WaitLayout}
 * @param limited whether the thread waits for a limited time
 * @param holds how many read holds the thread has of the object, if that is the purpose
 * @param thread id of the thread
 * @param sinceMillis since 1970
 * @param name of the thread
 */
public record WaitRecord(
        int participant,
        int uses,
        int object,
        int purpose,
        boolean limited,
        int holds,
        long thread,
        long sinceMillis,
        String name) {
    /** Returns whether the thread waits for the object, and does not only have it while it waits for another one. */
    public boolean isWait() {
        return purpose != WaitLayout.READS;
    }

    /** Returns whether another reading saw the same wait. */
    public boolean isSame(WaitRecord other) {
        return participant == other.participant && uses == other.uses && object == other.object;
    }
}
