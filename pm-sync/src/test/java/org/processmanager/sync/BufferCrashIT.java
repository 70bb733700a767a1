package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.sync.SharedBoundedBuffer.OnConsumerDeath;
import org.processmanager.sync.Threads.Running;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.lock.LockBytes;

/** A producer or a consumer killed between any two of its steps: no gap, no lost cell, and the item as the policy says. */
class BufferCrashIT {
    private static final int CELLS = 4;
    private static final int CELL_BYTES = 8;
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;

    @BeforeEach
    void open() {
        memory = region.memory();
    }

    private SharedBoundedBuffer buffer(OnConsumerDeath policy) {
        return memory.boundedBuffer("buffer", CELLS, CELL_BYTES, policy);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] item) {
        return item == null ? null : new String(item, StandardCharsets.UTF_8);
    }

    private void crash(String point, OnConsumerDeath policy, String command, Object... more) {
        List<Object> args = new ArrayList<>(List.of(policy == OnConsumerDeath.DROP ? -CELLS : CELLS, CELL_BYTES));
        args.addAll(Arrays.asList(more));
        try (ChildJvm victim = region.victim(point)) {
            victim.send(command, args.toArray());
            CrashPoints.assertCrashed(victim);
        }
    }

    /** Fills and empties the buffer, which is empty, through all laps of a cell and at each position in it. */
    static void assertAllCellsWork(SharedBoundedBuffer buffer) throws InterruptedException {
        assertTrue(buffer.join(LONG), "a cell is in use");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < buffer.capacity(); i++) {
                assertTrue(buffer.offer(new byte[] {(byte) i}, LONG), "no room for item " + i);
            }
            assertFalse(buffer.offer(new byte[0]));
            assertEquals(buffer.capacity(), buffer.size());
            for (int i = 0; i < buffer.capacity(); i++) {
                assertEquals(i, buffer.poll(LONG)[0]);
            }
            assertNull(buffer.poll());
            if (round == 0) {
                buffer.put(new byte[1]);
                buffer.take();
            }
        }
    }

    @ParameterizedTest
    @OnePath
    @ValueSource(strings = {"buffer.claimed", "buffer.written"})
    @Scenario("research-sync/49")
    void producer_killedBeforePut_leavesNoGap(String point) throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("before"));
        crash(point, OnConsumerDeath.REDELIVER, "put", "x");
        buffer.put(bytes("after"));
        assertEquals("before", text(buffer.poll(LONG)));
        assertEquals("after", text(buffer.poll(LONG)));
        assertAllCellsWork(buffer);
    }

    @Test
    void producer_killedAfterPut_hasPutItem() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        Running<byte[]> waiter = Threads.start(() -> buffer.poll(LONG)).awaitAsleep();
        crash("buffer.put", OnConsumerDeath.REDELIVER, "put", "x");
        assertEquals("x", text(waiter.result()));
        assertAllCellsWork(buffer);
    }

    @ParameterizedTest
    @CsvSource({
        "buffer.taken, REDELIVER",
        "buffer.read, REDELIVER",
        "buffer.taken, DROP",
        "buffer.read, DROP",
    })
    @Scenario("research-sync/49")
    void consumer_killedWithItem_redeliversOrDrops(String point, OnConsumerDeath policy) throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(policy);
        buffer.put(bytes("first"));
        buffer.put(bytes("second"));
        crash(point, policy, "take");
        if (policy == OnConsumerDeath.REDELIVER) {
            List<String> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                both.add(text(buffer.poll(LONG)));
            }
            both.sort(null);
            assertEquals(List.of("first", "second"), both);
        } else {
            assertEquals("second", text(buffer.poll(LONG)));
        }
        assertNull(buffer.poll());
        assertAllCellsWork(buffer);
    }

    @Test
    @OnePath
    void consumer_killedAfterFreeingCell_hasTakenItem() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        for (int i = 0; i < CELLS; i++) {
            buffer.put(new byte[i]);
        }
        Running<Boolean> waiter =
                Threads.start(() -> buffer.offer(new byte[CELLS], LONG)).awaitAsleep();
        crash("buffer.freed", OnConsumerDeath.REDELIVER, "take");
        assertTrue(waiter.result());
        for (int i = 1; i <= CELLS; i++) {
            assertEquals(i, buffer.poll(LONG).length);
        }
        assertAllCellsWork(buffer);
    }

    @Test
    void unackedItem_ofKilledConsumer_isRedeliveredFirst() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("first"));
        try (ChildJvm consumer = region.party()) {
            assertEquals("first false", consumer.call("takeUnacked", CELLS, CELL_BYTES));
            Running<UnackedItem> waiter =
                    Threads.start(() -> buffer.pollUnacked(LONG)).awaitAsleep();
            consumer.kill9();
            UnackedItem item = waiter.result();
            assertEquals("first", text(item.bytes()));
            assertTrue(item.redelivered());
            item.ack();
        }
        assertEquals(1, SharedMemory.snapshot(region.path()).objects().get(0).deathsRepaired());
        assertAllCellsWork(buffer);
    }

    @Test
    @OnePath
    void redeliveredItem_whenConsumerDies_isRedelivered() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("a"));
        buffer.put(bytes("b"));
        try (ChildJvm consumer = region.party()) {
            consumer.call("takeUnacked", CELLS, CELL_BYTES);
            consumer.call("takeUnacked", CELLS, CELL_BYTES);
            consumer.kill9();
        }
        crash("buffer.redelivered", OnConsumerDeath.REDELIVER, "take");
        List<String> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(text(buffer.poll(LONG)));
        }
        both.sort(null);
        assertEquals(List.of("a", "b"), both);
        assertAllCellsWork(buffer);
    }

    @Test
    void waiter_killedBeforeSleep_takesNothing() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        crash("buffer.flagged", OnConsumerDeath.REDELIVER, "take");
        assertAllCellsWork(buffer);
    }

    @Test
    void waiter_killedAfterWakeUp_leavesItem() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        crash("buffer.woken", OnConsumerDeath.REDELIVER, "take"); // by the end of its slice
        Running<byte[]> waiter = Threads.start(() -> buffer.poll(LONG)).awaitAsleep();
        buffer.put(bytes("x"));
        assertEquals("x", text(waiter.result()));
        assertAllCellsWork(buffer);
    }

    /** A consumer and a producer that always succeed meet neither an empty nor a full buffer. */
    @Test
    @OnePath
    @Scenario("public-sync/4")
    void unackedItem_inBusyBuffer_isRedeliveredSoon() throws InterruptedException {
        int cells = 4_000;
        SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", cells, CELL_BYTES);
        for (int i = 0; i < cells / 2; i++) {
            buffer.put(bytes("" + i));
        }
        try (ChildJvm consumer = region.party()) {
            assertEquals("0 false", consumer.call("takeUnacked", cells, CELL_BYTES));
            consumer.kill9();
        }
        boolean[] found = new boolean[1];
        // A lap takes a minute: the condition is tested every 20 ms.
        Eventually.assertThat(Soak.bound(Duration.ofSeconds(2)), "item 0 is redelivered", () -> {
            try (UnackedItem item = buffer.pollUnacked()) {
                found[0] = text(item.bytes()).equals("0") && item.redelivered();
                item.ack();
            }
            LockSupport.parkNanos(1_000_000);
            return found[0] || !buffer.offer(bytes("x"));
        });
        assertTrue(found[0]);
    }

    /** The repair byte of the victim's slot is held here, as by a repairer that is suspended. */
    @ParameterizedTest
    @OnePath
    @ValueSource(strings = {"buffer.claimed", "buffer.written", "buffer.taken"})
    @Scenario("public-sync/5")
    void cellOfDead_whenRepairerIsSuspended_isMarked(String point) throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        boolean consumes = point.equals("buffer.taken");
        if (consumes) {
            buffer.put(bytes("first"));
        }
        try (RegionFile file = RegionFile.open(region.path());
                LockBytes repairer = file.openLocks()) {
            crash(point, OnConsumerDeath.REDELIVER, consumes ? "take" : "put", "x");
            // The periodic repair may be holding it at this moment.
            Eventually.assertThat(LONG, "the byte is free", () -> repairer.tryLock(LockBytes.repair(2)));
            if (!consumes) {
                buffer.put(bytes("first"));
            }
            assertEquals("first", text(buffer.poll(LONG)));
            assertAllCellsWork(buffer);
            repairer.unlock(LockBytes.repair(2));
        }
    }

    @Test
    @Scenario("buffer/4")
    void ender_killedBeforeWakeUp_hasEndedTheBuffer() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        Running<byte[]> consumer = Threads.start(() -> buffer.poll(LONG)).awaitAsleep();
        crash("buffer.ended", OnConsumerDeath.REDELIVER, "end");
        assertNull(consumer.result());
        assertTrue(buffer.isExhausted());
        assertThrows(BufferEndedException.class, () -> buffer.put(bytes("x")));
        assertTrue(buffer.reopen());
        assertAllCellsWork(buffer);
    }

    @Test
    @Scenario("buffer/4")
    void ender_killedBeforeWakeUp_refusesWaitingProducers() {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        for (int i = 0; i < CELLS; i++) {
            assertTrue(buffer.offer(new byte[i]));
        }
        Running<Boolean> producer =
                Threads.start(() -> buffer.offer(new byte[1], LONG)).awaitAsleep();
        crash("buffer.ended", OnConsumerDeath.REDELIVER, "end");
        assertInstanceOf(BufferEndedException.class, producer.failure());
        assertEquals(CELLS, buffer.size());
    }

    /** The item of a dead consumer is delivered before the end is reported, and joined for. */
    @Test
    @Scenario("buffer/5")
    void consumer_killedAfterTheEnd_delaysTheEnd() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("last"));
        try (ChildJvm consumer = region.party()) {
            assertEquals("last false", consumer.call("takeUnacked", CELLS, CELL_BYTES));
            buffer.end();
            Running<UnackedItem> waiter =
                    Threads.start(() -> buffer.pollUnacked(LONG)).awaitAsleep();
            Running<Boolean> joiner = Threads.start(() -> buffer.join(LONG)).awaitAsleep();
            consumer.kill9();
            UnackedItem again = waiter.result();
            assertEquals("last", text(again.bytes()));
            assertTrue(again.redelivered());
            assertFalse(joiner.isDone() || buffer.isExhausted());
            again.ack();
            assertTrue(joiner.result());
            assertNull(buffer.take());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "buffer.claimed, REDELIVER, put",
        "buffer.written, REDELIVER, put",
        "buffer.read, DROP, take",
        "buffer.freed, REDELIVER, take",
    })
    @Scenario("buffer/5")
    void party_killedWithTheLastCell_endsTheJoin(String point, OnConsumerDeath policy, String command)
            throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(policy);
        Running<Boolean> joiner = null;
        if (command.equals("take")) {
            buffer.put(bytes("x"));
            joiner = Threads.start(() -> buffer.join(LONG)).awaitAsleep();
        }
        crash(point, policy, command, "x");
        assertTrue(joiner == null ? buffer.join(LONG) : joiner.result());
        buffer.end();
        assertNull(buffer.take());
    }

    @Test
    void joiner_killedAsleep_leavesNoTrace() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("x"));
        crash("buffer.flagged", OnConsumerDeath.REDELIVER, "join");
        assertEquals("x", text(buffer.take()));
        assertAllCellsWork(buffer);
    }

    /** The victim finds a cell that a consumer holds, and dies when it has passed it. */
    @Test
    @Scenario("buffer/3")
    void producer_killedAfterPassing_leavesNoGap() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("held"));
        UnackedItem held = buffer.takeUnacked();
        for (int i = 1; i < CELLS; i++) {
            buffer.put(new byte[i]);
            assertEquals(i, buffer.take().length);
        }
        crash("buffer.passed", OnConsumerDeath.REDELIVER, "put", "x");
        for (int i = 1; i < 3 * CELLS; i++) {
            assertTrue(buffer.offer(new byte[i % CELL_BYTES]));
            assertEquals(i % CELL_BYTES, buffer.poll().length);
        }
        held.close();
        assertEquals("held", text(buffer.poll(LONG)));
        assertAllCellsWork(buffer);
    }

    @Test
    @Scenario("buffer/3")
    void passedItem_ofKilledConsumer_isRedelivered() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("held"));
        try (ChildJvm consumer = region.party()) {
            assertEquals("held false", consumer.call("takeUnacked", CELLS, CELL_BYTES));
            for (int i = 1; i < 3 * CELLS; i++) {
                assertTrue(buffer.offer(new byte[i % CELL_BYTES]));
                assertEquals(i % CELL_BYTES, buffer.poll().length);
            }
            Running<byte[]> waiter = Threads.start(() -> buffer.poll(LONG)).awaitAsleep();
            consumer.kill9();
            assertEquals("held", text(waiter.result()));
        }
        assertAllCellsWork(buffer);
    }

    @Test
    void unackedItem_ofClosedHandle_isNextItem() throws InterruptedException {
        SharedBoundedBuffer buffer = buffer(OnConsumerDeath.REDELIVER);
        buffer.put(bytes("first"));
        buffer.put(bytes("second"));
        SharedMemory closing = SharedMemory.open(region.path());
        closing.boundedBuffer("buffer", CELLS, CELL_BYTES).takeUnacked();
        closing.close();
        assertEquals("first", text(buffer.poll()));
    }
}
