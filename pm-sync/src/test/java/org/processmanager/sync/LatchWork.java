package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.FlavourWork.LONG;
import static org.processmanager.sync.FlavourWork.WORKERS;
import static org.processmanager.sync.FlavourWork.awaitWaiters;
import static org.processmanager.sync.FlavourWork.meet;

import java.time.Duration;
import java.util.Map;

/** What one worker of {@link FlavoursIT} does with a latch. */
final class LatchWork {
    private static final int EACH = 10;

    private LatchWork() {}

    static void addTo(Map<String, FlavourWork.Task> tasks) {
        tasks.put("latch.count", (memory, worker, times) -> count(memory));
        tasks.put("latch.wait", (memory, worker, times) -> await(memory, worker));
        tasks.put("latch.parties", (memory, worker, times) -> parties(memory));
    }

    private static String count(SharedMemory memory) throws Exception {
        SharedLatch latch = memory.latch("latch", WORKERS * EACH);
        long before = latch.getCount();
        for (int i = 0; i < EACH; i++) {
            latch.countDown();
            assertTrue(latch.getCount() < before);
            before = latch.getCount();
        }
        latch.await();
        assertEquals(0, latch.getCount());
        latch.countDown();
        assertEquals(0, latch.getCount());
        assertTrue(latch.await(Duration.ZERO) && latch.await(LONG));
        return "";
    }

    private static String await(SharedMemory memory, int worker) throws Exception {
        SharedLatch latch = memory.latch("latch", 1);
        FlavourWork.assertEndsByTimeAndInterrupt(latch::await);
        assertEquals(1, latch.getCount());
        meet(memory);
        if (worker == 0) {
            awaitWaiters(WORKERS - 1, latch::snapshot);
            latch.countDown();
        } else {
            assertTrue(latch.await(LONG));
        }
        return "";
    }

    private static String parties(SharedMemory memory) throws Exception {
        OwnedLatch latch = memory.ownedLatch("owned", WORKERS);
        try (LatchParty party = latch.register()) {
            FlavourWork.assertEndsByTimeAndInterrupt(latch::await);
            meet(memory);
            assertThrows(IllegalStateException.class, latch::register);
            assertEquals(WORKERS, latch.getCount());
            meet(memory);
            party.countDown();
            latch.await();
            assertEquals(0, latch.getCount());
        }
        assertTrue(latch.await(Duration.ZERO));
        return "";
    }
}
