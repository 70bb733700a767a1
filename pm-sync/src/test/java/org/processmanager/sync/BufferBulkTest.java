package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.SharedBoundedBuffer.OnConsumerDeath;
import org.processmanager.sync.Threads.Running;

/** What a buffer offers beyond putting and taking one item: peek, drainTo, clear, size, acknowledgement. */
class BufferBulkTest {
    private static final int CELLS = 4;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedBoundedBuffer buffer;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(1));
        buffer = memory.boundedBuffer("buffer", CELLS, 8);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void put(int... items) {
        for (int item : items) {
            assertTrue(buffer.offer(new byte[] {(byte) item}));
        }
    }

    @Test
    void peek_returnsTheNextItemAndLeavesIt() {
        assertNull(buffer.peek());
        put(1, 2);
        assertArrayEquals(new byte[] {1}, buffer.peek());
        assertArrayEquals(new byte[] {1}, buffer.peek());
        assertEquals(2, buffer.size());
        assertArrayEquals(new byte[] {1}, buffer.poll());
        assertArrayEquals(new byte[] {2}, buffer.peek());
    }

    @Test
    void peek_returnsTheItemThatIsRedelivered() {
        put(1, 2);
        UnackedItem first = buffer.pollUnacked();
        assertArrayEquals(new byte[] {2}, buffer.peek());
        first.close();
        assertArrayEquals(new byte[] {1}, buffer.peek());
        assertArrayEquals(new byte[] {1}, buffer.poll());
    }

    @Test
    void drainTo_movesItemsInOrder() {
        List<byte[]> items = new ArrayList<>();
        assertEquals(0, buffer.drainTo(items));
        put(1, 2, 3);
        assertEquals(0, buffer.drainTo(items, 0));
        assertEquals(2, buffer.drainTo(items, 2));
        put(4);
        assertEquals(2, buffer.drainTo(items));
        for (int i = 0; i < CELLS; i++) {
            assertArrayEquals(new byte[] {(byte) (i + 1)}, items.get(i));
        }
        put(1, 2, 3, 4);
    }

    @Test
    void drainTo_whenAddingFails_losesNoItem() {
        put(1, 2);
        assertThrows(UnsupportedOperationException.class, () -> buffer.drainTo(List.of()));
        assertEquals(2, buffer.size());
        assertArrayEquals(new byte[] {1}, buffer.poll());
        assertArrayEquals(new byte[] {2}, buffer.poll());
    }

    @Test
    void clear_removesAllButUnackedItems() {
        put(1, 2, 3);
        UnackedItem first = buffer.pollUnacked();
        buffer.clear();
        assertEquals(0, buffer.size());
        assertNull(buffer.poll());
        assertArrayEquals(new byte[] {1}, first.bytes());
        first.close();
        assertArrayEquals(new byte[] {1}, buffer.poll());
    }

    @Test
    void item_closedUnacked_isRedelivered() {
        put(1, 2);
        try (UnackedItem item = buffer.pollUnacked()) {
            assertFalse(item.redelivered());
        }
        try (UnackedItem again = buffer.pollUnacked()) {
            assertNotNull(again);
            assertTrue(again.redelivered());
            assertArrayEquals(new byte[] {1}, again.bytes());
            again.ack();
            again.ack();
            assertThrows(IllegalStateException.class, again::bytes);
        }
        assertArrayEquals(new byte[] {2}, buffer.poll());
        assertEquals(0, buffer.snapshot().deathsRepaired());
    }

    @Test
    void item_closedUnacked_isDroppedIfSoChosen() {
        SharedBoundedBuffer dropping = memory.boundedBuffer("drops", 1, 8, OnConsumerDeath.DROP);
        assertTrue(dropping.offer(new byte[1]));
        dropping.pollUnacked().close();
        assertNull(dropping.poll());
        assertTrue(dropping.offer(new byte[1]));
    }

    @Test
    void item_closedUnacked_wakesAWaitingConsumer() {
        put(1);
        UnackedItem item = buffer.pollUnacked();
        Running<byte[]> consumer = Threads.start(() -> buffer.take()).awaitAsleep();
        item.close();
        assertArrayEquals(new byte[] {1}, consumer.result());
    }

    @Test
    void size_whileItemsMove_isNeverAboveTheirNumber() {
        int items = 3;
        put(1, 2, 3);
        AtomicBoolean stop = new AtomicBoolean();
        Running<Void> mover = Threads.startAll(1, number -> {
                    SharedBoundedBuffer same = memory.boundedBuffer("buffer", CELLS, 8);
                    while (!stop.get()) {
                        same.offer(same.poll());
                    }
                })
                .get(0);
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < Soak.scaled(20_000_000, 300_000); i++) {
            most.accumulateAndGet(buffer.size(), Math::max);
        }
        stop.set(true);
        mover.result();
        assertTrue(most.get() <= items, most + " of " + items);
        assertEquals(items, buffer.size());
    }

    @Test
    void operations_afterClose_throw() {
        memory.close();
        assertThrows(IllegalStateException.class, buffer::peek);
        assertThrows(IllegalStateException.class, buffer::clear);
        assertThrows(IllegalStateException.class, () -> buffer.drainTo(new ArrayList<>()));
    }
}
