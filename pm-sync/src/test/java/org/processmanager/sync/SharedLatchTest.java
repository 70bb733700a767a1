package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

class SharedLatchTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("l"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("l"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @Test
    void latch_opensAtZero_andStaysOpen() throws InterruptedException {
        SharedLatch latch = memory.latch("l", 2);
        assertSame(latch, memory.latch("l", 2));
        latch.countDown();
        assertEquals(1, other.latch("l", 2).getCount());
        assertFalse(latch.await(Duration.ZERO));
        Running<Boolean> waiter = Threads.start(() -> latch.await(LONG)).awaitAsleep();
        other.latch("l", 2).countDown();
        assertTrue(waiter.result());
        latch.countDown();
        assertEquals(0, latch.getCount(), "it does not fall below 0");
        latch.await();
        assertEquals("open", latch.snapshot().state());
    }

    @Test
    void latch_ofZero_isOpen() throws InterruptedException {
        assertTrue(memory.latch("l", 0).await(Duration.ZERO));
    }

    @Test
    void countDown_byManyThreads_countsEach() {
        SharedLatch latch = memory.latch("l", 801);
        Threads.runAll(8, number -> {
            for (int i = 0; i < 100; i++) {
                (number % 2 == 0 ? memory : other).latch("l", 801).countDown();
            }
        });
        assertEquals(1, latch.getCount());
    }

    @Test
    @Scenario("jdk/11")
    void latch_ofOtherCount_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> memory.latch("l", -1));
        memory.latch("l", 1).countDown();
        RegionException e = assertThrows(RegionException.class, () -> other.latch("l", 0));
        assertEquals(RegionException.Reason.TYPE_MISMATCH, e.reason());
    }

    @Test
    void operations_afterClose_throw() {
        SharedLatch latch = memory.latch("l", 1);
        memory.close();
        assertThrows(IllegalStateException.class, latch::countDown);
        assertThrows(IllegalStateException.class, latch::getCount);
        assertThrows(IllegalStateException.class, latch::await);
        assertEquals(1, other.latch("l", 1).getCount());
    }

    @Test
    void ownedLatch_opensWhenAllPartiesCounted() throws InterruptedException {
        OwnedLatch latch = memory.ownedLatch("l", 2);
        Running<Boolean> waiter = Threads.start(() -> latch.await(LONG)).awaitAsleep();
        LatchParty first = latch.register();
        try (LatchParty second = other.ownedLatch("l", 2).register()) {
            second.countDown();
            second.countDown();
            assertEquals(1, latch.getCount());
            assertEquals(1, latch.snapshot().owners().size());
        }
        assertEquals(1, latch.getCount(), "closing does not count down");
        first.countDown();
        assertTrue(waiter.result());
        assertEquals("open", latch.snapshot().state());
    }

    @Test
    void party_thatLeaves_makesRoomForAnother() {
        OwnedLatch latch = memory.ownedLatch("l", 1);
        LatchParty party = latch.register();
        assertThrows(IllegalStateException.class, latch::register);
        party.close();
        party.countDown();
        assertEquals(1, latch.getCount());
        latch.register().countDown();
        assertEquals(0, latch.getCount());
        assertThrows(IllegalStateException.class, latch::register);
    }

    @Test
    void party_ofClosedHandle_isDead() {
        OwnedLatch latch = memory.ownedLatch("l", 2);
        latch.register().countDown();
        LatchParty party = other.ownedLatch("l", 2).register();
        Running<Boolean> waiter = Threads.start(() -> latch.await(LONG)).awaitAsleep();
        other.close();
        PartyDiedException e = (PartyDiedException) waiter.failure();
        assertEquals(ProcessHandle.current().pid(), e.pid());
        assertTrue(e.getMessage().contains("pid " + e.pid()), e.getMessage());
        assertThrows(PartyDiedException.class, latch::getCount);
        assertThrows(IllegalStateException.class, party::countDown);
        other = SharedMemory.open(tmp.name("l"));
    }

    @Test
    void ownedLatch_ofOtherShape_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> memory.ownedLatch("l", 0));
        assertThrows(IllegalArgumentException.class, () -> memory.ownedLatch("l", 65_537));
        memory.ownedLatch("l", 1);
        assertThrows(RegionException.class, () -> other.ownedLatch("l", 2));
        assertThrows(RegionException.class, () -> other.ownedLatch("l", 1, OwnedLatch.OnPartyDeath.COUNT_DOWN));
    }
}
