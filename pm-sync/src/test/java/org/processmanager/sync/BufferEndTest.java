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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.SharedBoundedBuffer.OnConsumerDeath;
import org.processmanager.sync.Threads.Running;

/** The end of a buffer: for producers, for consumers, and the next run. */
class BufferEndTest {
    private static final int CELLS = 4;
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory otherMemory;
    private SharedBoundedBuffer buffer;
    private SharedBoundedBuffer other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(1));
        otherMemory = SharedMemory.open(tmp.name("b"));
        buffer = memory.boundedBuffer("buffer", CELLS, 8);
        other = otherMemory.boundedBuffer("buffer", CELLS, 8);
    }

    @AfterEach
    void close() {
        otherMemory.close();
        memory.close();
    }

    private static byte[] item(int number) {
        return new byte[] {(byte) number};
    }

    @Test
    void put_afterEnd_isRefused() {
        assertTrue(buffer.offer(item(1)));
        other.end();
        ByteBuffer bytes = ByteBuffer.allocate(2);
        for (Executable put : List.<Executable>of(
                () -> buffer.put(item(2)),
                () -> buffer.put(bytes),
                () -> buffer.offer(item(2)),
                () -> buffer.offer(bytes),
                () -> buffer.offer(item(2), LONG),
                () -> buffer.offer(bytes, LONG))) {
            BufferEndedException e = assertThrows(BufferEndedException.class, put);
            assertTrue(e.getMessage().contains("'buffer'") && e.getMessage().contains("reopen()"), e.getMessage());
        }
        assertEquals(2, bytes.remaining());
        assertEquals(1, buffer.size());
    }

    @Test
    void put_intoFullBuffer_afterEnd_isRefused() {
        for (int i = 0; i < CELLS; i++) {
            assertTrue(buffer.offer(item(i)));
        }
        buffer.end();
        assertThrows(BufferEndedException.class, () -> buffer.offer(item(9)));
        assertThrows(BufferEndedException.class, () -> buffer.put(item(9)));
    }

    @Test
    void take_afterEnd_drainsAndReturnsNull() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            buffer.put(item(i));
        }
        buffer.end();
        assertTrue(other.isEnded());
        assertFalse(other.isExhausted());
        assertArrayEquals(item(0), other.take());
        try (UnackedItem second = other.takeUnacked()) {
            assertArrayEquals(item(1), second.bytes());
            second.ack();
        }
        assertArrayEquals(item(2), other.poll(LONG));
        for (int twice = 0; twice < 2; twice++) {
            assertNull(other.take());
            assertNull(other.takeUnacked());
            assertNull(other.poll());
            assertNull(other.poll(LONG));
            assertNull(other.pollUnacked());
            assertNull(other.pollUnacked(LONG));
            assertNull(other.peek());
            assertEquals(0, other.drainTo(new ArrayList<>()));
            assertTrue(other.isExhausted());
            buffer.end();
        }
    }

    @Test
    void end_wakesAllWaitingConsumers() {
        List<Running<byte[]>> consumers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            SharedBoundedBuffer used = i % 2 == 0 ? buffer : other;
            consumers.add(Threads.start(() -> used.take()));
        }
        consumers.forEach(Running::awaitAsleep);
        buffer.end();
        consumers.forEach(consumer -> assertNull(consumer.result()));
    }

    @Test
    void end_wakesAllWaitingProducers() {
        for (int i = 0; i < CELLS; i++) {
            assertTrue(buffer.offer(item(i)));
        }
        List<Running<Boolean>> producers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SharedBoundedBuffer used = i % 2 == 0 ? buffer : other;
            producers.add(Threads.start(() -> used.offer(item(9), LONG)));
        }
        producers.forEach(Running::awaitAsleep);
        buffer.end();
        producers.forEach(producer -> assertInstanceOf(BufferEndedException.class, producer.failure()));
        assertEquals(CELLS, buffer.size());
    }

    @Test
    @Scenario("buffer/1")
    void take_whileAnItemIsUnacked_waits() throws InterruptedException {
        buffer.put(item(1));
        UnackedItem held = buffer.takeUnacked();
        buffer.end();
        assertNull(other.poll(Duration.ofMillis(20)));
        assertFalse(other.isExhausted());
        List<Running<byte[]>> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            consumers.add(Threads.start(() -> other.take()));
        }
        consumers.forEach(Running::awaitAsleep);
        held.ack();
        consumers.forEach(consumer -> assertNull(consumer.result()));
    }

    @Test
    @Scenario("buffer/1")
    void item_givenBackAfterEnd_isTakenByAnother() throws InterruptedException {
        buffer.put(item(1));
        UnackedItem held = buffer.takeUnacked();
        buffer.end();
        Running<byte[]> consumer = Threads.start(() -> other.take()).awaitAsleep();
        held.close();
        assertArrayEquals(item(1), consumer.result());
        assertNull(other.take());
    }

    @Test
    void item_droppedAfterEnd_lastOne_endsTheWait() throws InterruptedException {
        SharedBoundedBuffer dropping = memory.boundedBuffer("drops", 1, 8, OnConsumerDeath.DROP);
        dropping.put(item(1));
        UnackedItem held = dropping.takeUnacked();
        dropping.end();
        Running<byte[]> consumer = Threads.start(() -> dropping.take()).awaitAsleep();
        held.close();
        assertNull(consumer.result());
    }

    @Test
    void clear_afterEnd_exhaustsTheBuffer() {
        assertTrue(buffer.offer(item(1)));
        buffer.end();
        Running<Void> joiner = Threads.<Void>start(() -> {
                    other.join();
                    return null;
                })
                .awaitAsleep();
        buffer.clear();
        joiner.result();
        assertTrue(buffer.isExhausted());
    }

    @Test
    void reopen_startsTheNextRun() throws InterruptedException {
        assertFalse(buffer.reopen());
        for (int run = 0; run < 3; run++) {
            buffer.put(item(run));
            other.end();
            IllegalStateException e = assertThrows(IllegalStateException.class, buffer::reopen);
            assertTrue(e.getMessage().contains("join()"), e.getMessage());
            assertArrayEquals(item(run), other.take());
            assertTrue(buffer.reopen());
            assertFalse(other.isEnded());
            assertFalse(other.isExhausted());
            assertNull(other.poll());
        }
        assertTrue(other.offer(item(9)));
    }

    @Test
    void reopen_atOnce_doesNotHideTheEnd() {
        for (int round = 0; round < Soak.scaled(2_000, 20); round++) {
            Running<byte[]> consumer = Threads.start(() -> other.take()).awaitAsleep();
            buffer.end();
            assertTrue(buffer.reopen());
            assertNull(consumer.result());
        }
    }

    /** Whatever was put before the end is taken by one consumer, and nothing after it. */
    @Test
    @Scenario("buffer/2")
    void end_whileItemsArePut_losesNone() throws InterruptedException {
        for (int round = 0; round < Soak.scaled(5_000, 60); round++) {
            AtomicInteger put = new AtomicInteger();
            AtomicInteger taken = new AtomicInteger();
            List<Running<Void>> threads = Threads.startAll(4, number -> {
                SharedBoundedBuffer used = number % 2 == 0 ? buffer : other;
                if (number < 2) {
                    while (used.take() != null) {
                        taken.incrementAndGet();
                    }
                    return;
                }
                try {
                    while (true) {
                        used.put(item(1));
                        put.incrementAndGet();
                    }
                } catch (BufferEndedException e) {
                    // as it should be
                }
            });
            while (taken.get() < round) {
                Thread.onSpinWait();
            }
            buffer.end();
            threads.forEach(Running::result);
            assertEquals(put.get(), taken.get());
            assertTrue(buffer.isExhausted() && buffer.reopen());
        }
    }

    @Test
    void snapshot_showsTheEnd() {
        assertEquals("0 of 4 filled", buffer.snapshot().state());
        buffer.end();
        assertEquals("0 of 4 filled, ended", other.snapshot().state());
    }

    @Test
    void operations_afterClose_throw() {
        memory.close();
        for (Executable call : List.<Executable>of(
                buffer::end,
                buffer::reopen,
                buffer::isEnded,
                buffer::isExhausted,
                buffer::join,
                () -> buffer.join(LONG))) {
            assertThrows(IllegalStateException.class, call);
        }
    }
}
