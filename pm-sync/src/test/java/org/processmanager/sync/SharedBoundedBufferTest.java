package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

class SharedBoundedBufferTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CELLS = 4;
    private static final int CELL_BYTES = 10;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedBoundedBuffer buffer;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(1));
        buffer = memory.boundedBuffer("buffer", CELLS, CELL_BYTES);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void take_returnsItemsInOrder() throws InterruptedException {
        for (int round = 0; round < 5; round++) {
            for (int length : new int[] {0, 1, CELL_BYTES}) {
                buffer.put(item(length, round));
            }
            assertEquals(3, buffer.size());
            for (int length : new int[] {0, 1, CELL_BYTES}) {
                assertArrayEquals(item(length, round), buffer.take());
            }
            assertEquals(0, buffer.size());
        }
    }

    @Test
    void put_ofTooLongItem_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> buffer.put(new byte[CELL_BYTES + 1]));
        for (int i = 0; i < CELLS; i++) {
            assertTrue(buffer.offer(item(1, i)));
        }
        assertFalse(buffer.offer(item(1, CELLS)));
    }

    @Test
    void offer_movesPositionOnlyOnSuccess() throws InterruptedException {
        ByteBuffer item = ByteBuffer.allocateDirect(8).position(2).limit(6);
        for (int i = 0; i < CELLS; i++) {
            item.position(2);
            assertTrue(buffer.offer(item));
            assertEquals(6, item.position());
        }
        item.position(2);
        assertFalse(buffer.offer(item));
        assertFalse(buffer.offer(item, SHORT));
        assertEquals(2, item.position());
        assertEquals(4, buffer.take().length);
        buffer.put(item);
        assertFalse(item.hasRemaining());
    }

    @Test
    void poll_withTimeout_waitsThatLong() throws InterruptedException {
        assertNull(buffer.poll());
        assertNull(buffer.poll(Duration.ZERO));
        long start = System.nanoTime();
        assertNull(buffer.poll(SHORT));
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
    }

    @Test
    void take_waitsForPut() throws InterruptedException {
        Running<byte[]> consumer = Threads.start(buffer::take).awaitAsleep();
        buffer.put(item(3, 1));
        assertArrayEquals(item(3, 1), consumer.result());
    }

    @Test
    void put_waitsForTake() throws InterruptedException {
        for (int i = 0; i < CELLS; i++) {
            buffer.put(item(1, i));
        }
        Running<Boolean> producer =
                Threads.start(() -> buffer.offer(item(1, CELLS), LONG)).awaitAsleep();
        assertArrayEquals(item(1, 0), buffer.take());
        assertTrue(producer.result());
        assertEquals(CELLS, buffer.size());
    }

    @Test
    void putAndTake_whenInterrupted_loseNothing() throws InterruptedException {
        Running<byte[]> consumer = Threads.start(buffer::take).awaitAsleep();
        consumer.thread().interrupt();
        assertInstanceOf(InterruptedException.class, consumer.failure());
        for (int i = 0; i < CELLS; i++) {
            assertTrue(buffer.offer(item(1, i)));
        }
        Running<Void> producer = Threads.<Void>start(() -> {
                    buffer.put(item(1, 9));
                    return null;
                })
                .awaitAsleep();
        producer.thread().interrupt();
        assertInstanceOf(InterruptedException.class, producer.failure());
        for (int i = 0; i < CELLS; i++) {
            assertArrayEquals(item(1, i), buffer.poll());
        }
        assertNull(buffer.poll());
    }

    @Test
    void buffer_ofOtherShape_isRefused() {
        RegionException e =
                assertThrows(RegionException.class, () -> memory.boundedBuffer("buffer", CELLS, CELL_BYTES + 1));
        assertEquals(RegionException.Reason.TYPE_MISMATCH, e.reason());
        assertTrue(e.getMessage().contains("cells 4, cellBytes 10"), e.getMessage());
        assertTrue(e.getMessage().contains("cells 4, cellBytes 11"), e.getMessage());
        assertThrows(RegionException.class, () -> memory.mutex("buffer"));
    }

    @Test
    void buffer_largerThanRegion_isRefused() {
        RegionException e =
                assertThrows(RegionException.class, () -> memory.boundedBuffer("large", 1_000_000_000, 1_000_000_000));
        assertEquals(RegionException.Reason.FULL, e.reason());
        assertThrows(IllegalArgumentException.class, () -> memory.boundedBuffer("none", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> memory.boundedBuffer("none", 1, 0));
    }

    @Test
    void items_ofManyProducers_areTakenOnce() {
        int each = Soak.scaled(100_000, 3_000);
        int producers = 3;
        AtomicIntegerArray seen = new AtomicIntegerArray(each * producers);
        Threads.runAll(producers * 2, number -> {
            if (number < producers) {
                for (int i = 0; i < each; i++) {
                    buffer.put(ByteBuffer.allocate(4).putInt(number * each + i).flip());
                }
            } else {
                for (int i = 0; i < each; i++) {
                    seen.incrementAndGet(ByteBuffer.wrap(buffer.take()).getInt());
                }
            }
        });
        for (int i = 0; i < seen.length(); i++) {
            assertEquals(1, seen.get(i), "item " + i);
        }
        assertEquals(0, buffer.size());
    }

    @Test
    void snapshot_countsItemsInEachLap() throws InterruptedException {
        SharedBoundedBuffer large = memory.boundedBuffer("large", 64, CELL_BYTES);
        assertFilled(0, large);
        putItems(40, large);
        assertFilled(40, large);
        takeItems(38, large); // the free cells before the last two were used
        assertFilled(2, large);
        putItems(62, large);
        assertFilled(64, large);
        takeItems(60, large);
        assertFilled(4, large);
    }

    private static void putItems(int count, SharedBoundedBuffer buffer) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            buffer.put(item(1, i));
        }
    }

    private static void takeItems(int count, SharedBoundedBuffer buffer) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            buffer.take();
        }
    }

    /** As the mapped memory says, and the file. */
    private void assertFilled(int count, SharedBoundedBuffer buffer) {
        String expected = count + " of 64 filled";
        assertEquals(expected, buffer.snapshot().state());
        assertTrue(
                memory.snapshot().objects().stream()
                        .anyMatch(object -> object.state().equals(expected)),
                expected);
    }

    private static byte[] item(int length, int content) {
        byte[] item = new byte[length];
        java.util.Arrays.fill(item, (byte) content);
        return item;
    }
}
