package org.processmanager.sync.internal.semaphore;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;

/** Whether participants are dead; asks the kernel once for each, while one object is scanned. */
final class DeathCache implements IntPredicate {
    private final Region region;
    private final Participants participants;
    private final Map<Integer, Boolean> known = new HashMap<>();

    /** For one scan. */
    DeathCache(Region region) {
        this.region = region;
        participants = region.participants();
    }

    @Override
    public boolean test(int participant) {
        Boolean dead = known.get(participant);
        if (dead == null) {
            if (!participants.isSlot(participant)) {
                region.checkOpen();
                throw new RegionException(
                        RegionException.Reason.CORRUPT,
                        String.format("an object of %s names an invalid owner (%08x); delete it", region, participant));
            }
            dead = participants.isDead(Participants.slot(participant), Participants.generation(participant));
            known.put(participant, dead);
        }
        return dead;
    }
}
