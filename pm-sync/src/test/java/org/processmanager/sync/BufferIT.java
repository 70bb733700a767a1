package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Soak;

class BufferIT {
    private static final int CELLS = 4;
    private static final int CELL_BYTES = 8;

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedBoundedBuffer buffer;

    @BeforeEach
    void open() {
        memory = region.memory();
        buffer = memory.boundedBuffer("buffer", CELLS, CELL_BYTES);
    }

    @Test
    void items_ofManyProcesses_areTakenOnce() {
        int each = Soak.scaled(200_000, 5_000);
        try (ChildJvm one = region.party();
                ChildJvm two = region.party();
                ChildJvm three = region.party();
                ChildJvm four = region.party()) {
            List<ChildReply> producers = new ArrayList<>();
            producers.add(one.send("produce", CELLS, CELL_BYTES, 0, each));
            producers.add(two.send("produce", CELLS, CELL_BYTES, each, each));
            List<ChildReply> consumers = new ArrayList<>();
            consumers.add(three.send("consume", CELLS, CELL_BYTES, each));
            consumers.add(four.send("consume", CELLS, CELL_BYTES, each));
            producers.forEach(ChildReply::await);
            BitSet seen = new BitSet();
            for (ChildReply consumer : consumers) {
                int last = -1;
                for (String item : consumer.await().split(" ")) {
                    int number = Integer.parseInt(item);
                    assertTrue(number >= 0 && number < 2 * each && !seen.get(number), item + " again, or unknown");
                    seen.set(number);
                    last = number;
                }
                assertTrue(last >= 0);
            }
            assertEquals(2 * each, seen.cardinality());
            assertEquals(0, buffer.size());
        }
    }

    @Test
    void waiter_killed_takesNothing() throws InterruptedException {
        try (ChildJvm consumer = region.party()) {
            consumer.send("take", CELLS, CELL_BYTES);
            assertNull(buffer.poll());
            consumer.kill9();
        }
        BufferCrashIT.assertAllCellsWork(buffer);
    }
}
