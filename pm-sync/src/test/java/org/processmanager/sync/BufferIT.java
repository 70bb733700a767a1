package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

class BufferIT {
    private static final int CELLS = 4;
    private static final int CELL_BYTES = 8;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;
    private SharedBoundedBuffer buffer;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("b"));
        memory = SharedMemory.named(tmp.name("b"), OpenMode.CREATE_NEW, Party.BYTES);
        buffer = memory.boundedBuffer("buffer", CELLS, CELL_BYTES);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private ChildJvm party() {
        ChildJvm party = ChildJvm.start(Party.class);
        party.call("open", path);
        return party;
    }

    @Test
    void items_ofManyProcessesReachManyProcessesOnceEach() {
        int each = Soak.scaled(200_000, 5_000);
        try (ChildJvm one = party();
                ChildJvm two = party();
                ChildJvm three = party();
                ChildJvm four = party()) {
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
    void waitingParty_thatIsKilledTakesNothing() throws InterruptedException {
        try (ChildJvm consumer = party()) {
            consumer.send("take", CELLS, CELL_BYTES);
            assertNull(buffer.poll());
            consumer.kill9();
        }
        assertAllCellsWork(CELLS);
    }

    @Test
    void producer_killedWithACellClaimedTakesItsCellAndItsItem() throws InterruptedException {
        crash("buffer.cell-claimed", "put", "x");
        assertEquals(0, buffer.size());
        assertAllCellsWork(CELLS - 1);
    }

    @Test
    void producer_killedWhileItHeldTheMutexHarmsNoOtherItem() throws InterruptedException {
        assertTrue(buffer.offer(new byte[] {1}));
        crash("buffer.written", "put", "x");
        assertEquals(1, buffer.take().length);
        assertAllCellsWork(CELLS - 1);
    }

    @Test
    void producer_killedBeforeItAnnouncedItsItemLeavesOneBehind() throws InterruptedException {
        crash("buffer.put", "put", "first");
        assertEquals(1, buffer.size());
        assertNull(buffer.poll());
        buffer.put("second".getBytes(StandardCharsets.UTF_8));
        assertEquals("first", new String(buffer.take(), StandardCharsets.UTF_8));
        assertNull(buffer.poll());
        assertEquals(1, buffer.size());
    }

    @Test
    void consumer_killedWithAnItemClaimedLeavesOneBehind() throws InterruptedException {
        buffer.put(new byte[] {1});
        crash("buffer.item-claimed", "take");
        assertNull(buffer.poll());
        assertEquals(1, buffer.size());
        buffer.put(new byte[] {2});
        assertEquals(1, buffer.take()[0]);
    }

    @Test
    void consumer_killedBeforeItGaveTheCellBackTakesBoth() throws InterruptedException {
        buffer.put(new byte[] {1});
        crash("buffer.taken", "take");
        assertNull(buffer.poll());
        assertEquals(0, buffer.size());
        assertAllCellsWork(CELLS - 1);
    }

    private void crash(String point, String command, Object... more) {
        List<Object> args = new ArrayList<>(List.of(CELLS, CELL_BYTES));
        args.addAll(List.of(more));
        try (ChildJvm victim = CrashPoints.start(Party.class, point, 1)) {
            victim.call("open", path);
            victim.send(command, args.toArray());
            CrashPoints.assertCrashed(victim);
        }
    }

    /** Fills and empties the buffer; it has room for exactly so many. */
    private void assertAllCellsWork(int expected) throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            int room = 0;
            while (buffer.offer(new byte[] {(byte) room})) {
                room++;
            }
            assertEquals(expected, room);
            for (int i = 0; i < room; i++) {
                assertEquals(i, buffer.take()[0]);
            }
        }
    }
}
