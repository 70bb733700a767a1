package org.processmanager.sync.internal.region.layout;

/**
 * What a wait record says.
 *
 * @param at offset of the record
 * @param participant as words name it
 * @param version grows with each change; odd while the thread tries to get what it waits for
 * @param object offset of the object; 0 if the record does not count
 * @param purpose one of those of {@link WaitLayout}
 * @param limited whether the thread waits for a limited time
 * @param thread id of the thread
 * @param sinceMillis since 1970
 * @param name of the thread
 */
public record WaitRecord(
        int at,
        int participant,
        int version,
        int object,
        int purpose,
        boolean limited,
        long thread,
        long sinceMillis,
        String name) {
    /** Returns whether the thread waits for the object, and does not only have it while it waits for another one. */
    public boolean isWait() {
        return purpose != WaitLayout.READS;
    }

    /** Returns whether a later reading saw the same, and the thread did not try in between. */
    public boolean lastedUntil(WaitRecord later) {
        return at == later.at
                && participant == later.participant
                && version == later.version
                && object == later.object
                && (version & 1) == 0;
    }
}
