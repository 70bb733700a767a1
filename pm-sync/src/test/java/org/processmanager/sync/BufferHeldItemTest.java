package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Items that are taken and not acknowledged for long: all others pass. */
class BufferHeldItemTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(1));
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private static byte[] item(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8)};
    }

    private static int number(byte[] item) {
        return Byte.toUnsignedInt(item[0]) | Byte.toUnsignedInt(item[1]) << 8;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7})
    @Scenario("buffer/3")
    void heldItems_letOthersPass(int cells) throws InterruptedException {
        SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", cells, 2);
        List<UnackedItem> held = new ArrayList<>();
        int next = 0;
        for (int holding = 0; holding < cells; holding++) {
            for (int i = 0; i < 5 * cells; i++) {
                assertTrue(buffer.offer(item(next)), "with " + holding + " held");
                assertEquals(next++, number(buffer.poll()));
            }
            assertTrue(buffer.offer(item(next)));
            UnackedItem item = buffer.pollUnacked();
            assertEquals(next++, number(item.bytes()));
            held.add(item);
        }
        assertFalse(buffer.offer(item(0)));
        Running<Boolean> producer =
                Threads.start(() -> buffer.offer(item(0), LONG)).awaitAsleep();
        held.get(0).ack();
        assertTrue(producer.result());
        assertEquals(0, number(buffer.poll()));
        held.remove(0);
        held.forEach(UnackedItem::close);
        assertEquals(cells - 1, buffer.size());
        for (int i = 1; i < cells; i++) {
            assertEquals(2, buffer.poll(LONG).length);
        }
        assertNull(buffer.poll());
        BufferCrashIT.assertAllCellsWork(buffer);
    }

    @Test
    void heldItem_thatWasPassedOften_isGivenBackWhole() throws InterruptedException {
        SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 3, 2);
        buffer.put(item(77));
        UnackedItem held = buffer.takeUnacked();
        for (int i = 0; i < 10; i++) {
            buffer.put(item(i));
            assertEquals(i, number(buffer.take()));
        }
        assertEquals(77, number(held.bytes()));
        buffer.put(item(10));
        held.close();
        for (int i = 0; i < 10; i++) { // the item is back in its cell, which producers pass too
            assertTrue(buffer.offer(item(20 + i), LONG));
            assertEquals(i == 0 ? 77 : i == 1 ? 10 : 20 + i - 2, number(buffer.take()));
        }
    }

    /** Against a queue, with any number of held items, acknowledged or given back in any order. */
    @Test
    void heldItems_atRandom_keepTheOrderOfOthers() {
        Random random = new Random(11);
        for (int round = 0; round < Soak.scaled(1_000, 30); round++) {
            int cells = 1 + random.nextInt(6);
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", cells, 2);
            Deque<Integer> model = new ArrayDeque<>();
            Deque<Integer> returned = new ArrayDeque<>();
            List<UnackedItem> held = new ArrayList<>();
            for (int next = 0; next < 300; next++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        boolean room = model.size() + returned.size() + held.size() < cells;
                        boolean put = buffer.offer(item(next));
                        assertTrue(room || !put, "more items than cells");
                        assertTrue(put || !room || !model.isEmpty(), "no room although no item was in the way");
                        if (put) {
                            model.add(next);
                        }
                    }
                    case 2 -> {
                        UnackedItem taken = buffer.pollUnacked();
                        if (taken == null) {
                            assertTrue(model.isEmpty() && returned.isEmpty());
                        } else if (taken.redelivered()) {
                            assertTrue(returned.remove(number(taken.bytes())));
                            held.add(taken);
                        } else {
                            assertTrue(returned.isEmpty());
                            assertEquals(model.remove(), number(taken.bytes()));
                            held.add(taken);
                        }
                    }
                    default -> {
                        if (!held.isEmpty()) {
                            UnackedItem done = held.remove(random.nextInt(held.size()));
                            if (random.nextBoolean()) {
                                done.ack();
                            } else {
                                returned.add(number(done.bytes()));
                                done.close();
                            }
                        }
                    }
                }
                assertEquals(model.size() + returned.size(), buffer.size());
            }
            held.forEach(UnackedItem::ack);
            memory.remove("buffer");
        }
    }
}
