package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.FlavourWork.LONG;
import static org.processmanager.sync.FlavourWork.WORKERS;
import static org.processmanager.sync.FlavourWork.awaitWaiters;
import static org.processmanager.sync.FlavourWork.meet;

import java.time.Duration;
import java.util.Map;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Soak;

/** What one worker of {@link FlavoursIT} does with an event; the first one sets it. */
final class EventWork {
    private EventWork() {}

    static void addTo(Map<String, FlavourWork.Task> tasks) {
        tasks.put("event.state", (memory, worker, times) -> state(memory, worker));
        tasks.put("event.wake", (memory, worker, times) -> wake(memory, worker));
        tasks.put("event.pulse", (memory, worker, times) -> pulse(memory, worker));
        tasks.put("event.pass", EventWork::pass);
    }

    private static String state(SharedMemory memory, int worker) throws Exception {
        SharedEvent event = memory.event("event");
        assertFalse(event.isSet() || event.clear());
        FlavourWork.assertEndsByTimeAndInterrupt(event::await);
        meet(memory);
        if (worker == 0) {
            event.set();
            event.set();
        }
        meet(memory);
        assertTrue(event.isSet() && event.await(Duration.ZERO) && event.await(LONG));
        event.await();
        meet(memory);
        if (worker == 0) {
            assertTrue(event.clear());
        }
        meet(memory);
        assertFalse(event.isSet() || event.await(Duration.ZERO));
        return "";
    }

    /** Twice: the event can be used again. */
    private static String wake(SharedMemory memory, int worker) throws Exception {
        SharedEvent event = memory.event("event");
        for (int i = 0; i < 2; i++) {
            if (worker == 0) {
                awaitWaiters(WORKERS - 1, event::snapshot);
                event.set();
            } else {
                assertTrue(event.await(LONG) && event.isSet());
            }
            meet(memory);
            if (worker == 0) {
                event.clear();
            }
            meet(memory);
        }
        return "";
    }

    private static String pulse(SharedMemory memory, int worker) throws Exception {
        SharedEvent event = memory.event("event");
        for (int i = 0; i < Soak.scaled(100, 2); i++) {
            if (worker == 0) {
                awaitWaiters(WORKERS - 1, event::snapshot);
                event.set();
                event.clear();
            } else {
                assertTrue(event.await(LONG));
            }
            meet(memory);
            assertFalse(event.isSet());
        }
        return "";
    }

    /** Returns how often the worker has passed an event that one passes at a time. */
    private static String pass(SharedMemory memory, int worker, int times) throws Exception {
        SharedEvent event = memory.autoResetEvent("auto");
        SharedLong passed = memory.atomicLong("passed");
        SharedEvent end = memory.event("end");
        if (worker != 0) {
            int mine = 0;
            while (!end.isSet()) {
                if (event.await(Duration.ofMillis(50))) {
                    passed.incrementAndGet();
                    mine++;
                }
            }
            return "" + mine;
        }
        for (int i = 1; i <= times; i++) {
            event.set();
            int expected = i;
            Eventually.assertThat(LONG, "one has passed", () -> passed.get() == expected);
        }
        end.set();
        assertEquals(times, passed.get());
        return "0";
    }
}
