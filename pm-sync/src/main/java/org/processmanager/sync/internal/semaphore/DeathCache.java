package org.processmanager.sync.internal.semaphore;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/** Whether participants are dead; asks the kernel once for each, while one object is scanned. */
final class DeathCache implements IntPredicate {
    private final IntPredicate isDead;
    private final Map<Integer, Boolean> known = new HashMap<>();

    /** For one scan. */
    DeathCache(IntPredicate isDead) {
        this.isDead = isDead;
    }

    @Override
    public boolean test(int participant) {
        Boolean dead = known.get(participant);
        if (dead == null) {
            dead = isDead.test(participant);
            known.put(participant, dead);
        }
        return dead;
    }
}
