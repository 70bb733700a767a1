package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

class SharedEventTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("e"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("e"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void event_isSharedByAllHandles() throws InterruptedException {
        SharedEvent event = memory.event("e");
        assertSame(event, memory.event("e"));
        assertFalse(event.isSet());
        other.event("e").set();
        assertTrue(event.isSet() && event.await(Duration.ZERO) && event.isSet(), "it stays set");
        assertEquals("set", event.snapshot().state());
        assertTrue(event.clear());
        assertFalse(other.event("e").isSet() || event.clear());
        assertEquals("not set", event.snapshot().state());
    }

    @Test
    void set_wakesAllWaiters() {
        SharedEvent event = memory.event("e");
        List<Running<Boolean>> waiters = waiters(event, other.event("e"));
        event.set();
        waiters.forEach(waiter -> assertTrue(waiter.result()));
    }

    @Test
    void set_thenCleared_wakesAllWaiters() {
        SharedEvent event = memory.event("e");
        List<Running<Boolean>> waiters = waiters(event, other.event("e"));
        event.set();
        event.clear();
        waiters.forEach(waiter -> assertTrue(waiter.result()));
        assertFalse(event.isSet());
    }

    private static List<Running<Boolean>> waiters(SharedEvent... events) {
        return IntStream.range(0, 6)
                .mapToObj(i -> Threads.start(() -> events[i % events.length].await(LONG))
                        .awaitAsleep())
                .toList();
    }

    @Test
    void autoReset_letsOneWaiterPass() throws InterruptedException {
        SharedEvent event = memory.autoResetEvent("e");
        List<Running<Boolean>> waiters = waiters(event, other.autoResetEvent("e"));
        for (int passed = 1; passed <= waiters.size(); passed++) {
            event.set();
            int expected = passed;
            Eventually.assertThat(
                    LONG,
                    expected + " have passed",
                    () -> waiters.stream().filter(Running::isDone).count() == expected);
            assertFalse(event.isSet());
        }
        assertTrue(event.isAutoReset());
        event.set();
        event.set();
        assertTrue(event.isSet() && event.await(Duration.ZERO));
        assertFalse(event.await(Duration.ZERO), "set twice lets one pass");
    }

    @Test
    void autoReset_underContention_losesNothing() {
        int rounds = Soak.scaled(100_000, 1_000);
        SharedEvent ping = memory.autoResetEvent("ping");
        SharedEvent pong = memory.autoResetEvent("pong");
        Threads.runAll(2, number -> {
            SharedMemory mine = number == 0 ? memory : other;
            for (int i = 0; i < rounds; i++) {
                if (number == 0) {
                    mine.autoResetEvent("ping").set();
                    assertTrue(mine.autoResetEvent("pong").await(LONG));
                } else {
                    assertTrue(mine.autoResetEvent("ping").await(LONG));
                    mine.autoResetEvent("pong").set();
                }
            }
        });
        assertFalse(ping.isSet() || pong.isSet());
    }

    @Test
    void event_ofOtherForm_isRefused() {
        memory.event("e");
        RegionException e = assertThrows(RegionException.class, () -> other.autoResetEvent("e"));
        assertEquals(RegionException.Reason.TYPE_MISMATCH, e.reason());
    }

    @Test
    void operations_afterClose_throw() {
        SharedEvent event = memory.event("e");
        event.set();
        memory.close();
        assertThrows(IllegalStateException.class, event::set);
        assertThrows(IllegalStateException.class, event::clear);
        assertThrows(IllegalStateException.class, event::isSet);
        assertThrows(IllegalStateException.class, event::await);
        assertTrue(other.event("e").isSet());
    }
}
