package org.processmanager.sync.internal.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.wait.WakeWord;

/** A producer that has claimed a cell and is off its processor before it has written: all others pass. */
class UnfinishedPutTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open(RegionDirectory.resolve(tmp.name("u")), OpenMode.CREATE_NEW, 1 << 20);
    }

    @AfterEach
    void close() {
        region.close();
    }

    private RegionObject object(int cells) {
        return region.objects()
                .findOrCreate(
                        "buffer",
                        SyncObjectTypes.BOUNDED_BUFFER,
                        new int[] {cells, 1, 0},
                        BufferLayout.bytes(cells, 1),
                        null);
    }

    private static ByteBuffer item(int number) {
        return ByteBuffer.wrap(new byte[] {(byte) number});
    }

    /** One that stops in each put, until it may finish. */
    private final class SlowProducer {
        private final Cells cells;
        private final PutCursor puts;
        private int claimed;

        SlowProducer(RegionObject object) {
            CellBuffer buffer = new CellBuffer(region, object);
            cells = new Cells(buffer, object);
            WakeWord filled = wakeWord(BufferLayout.filled(object.offset()));
            WakeWord room = wakeWord(BufferLayout.room(object.offset()));
            puts = new PutCursor(buffer, cells, new BufferRun(buffer, cells, filled, room));
        }

        private WakeWord wakeWord(int at) {
            return new WakeWord(region.memory(), region.parking(), at);
        }

        void begin() {
            claimed = puts.claim();
            assertTrue(claimed != Cells.NO_CELL);
        }

        void finish(int number) {
            region.memory().put(BufferLayout.content(claimed), (byte) number);
            BufferLayout.lengthPlain(region.memory(), claimed, 1);
            assertTrue(cells.change(claimed, BufferLayout.CLAIMED, BufferLayout.FULL));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    @Scenario("buffer/6")
    void unfinishedPut_letsOthersPass(int cells) {
        RegionObject object = object(cells);
        CellBuffer buffer = new CellBuffer(region, object);
        SlowProducer slow = new SlowProducer(object);
        slow.begin();
        for (int i = 0; i < 5 * cells; i++) {
            assertTrue(buffer.offer(item(i)));
            assertEquals(1, buffer.size());
            assertEquals(i, buffer.peek()[0]);
            assertEquals(i, buffer.pollCopy()[0]);
            assertNull(buffer.pollCopy());
        }
        slow.finish(99);
        assertEquals(99, buffer.pollCopy()[0]);
        assertNull(buffer.pollCopy());
    }

    @Test
    void finishedPut_isTakenBeforeLaterOnes() {
        RegionObject object = object(8);
        CellBuffer buffer = new CellBuffer(region, object);
        SlowProducer first = new SlowProducer(object);
        SlowProducer second = new SlowProducer(object);
        first.begin();
        buffer.offer(item(1));
        second.begin();
        buffer.offer(item(2));
        assertEquals(1, buffer.pollCopy()[0]);
        first.finish(10);
        buffer.offer(item(3));
        assertEquals(10, buffer.pollCopy()[0]);
        assertEquals(2, buffer.pollCopy()[0]);
        second.finish(20);
        first.begin();
        buffer.offer(item(4));
        first.finish(11);
        for (int expected : new int[] {20, 3, 11, 4}) {
            assertEquals(expected, buffer.pollCopy()[0]);
        }
        assertNull(buffer.pollCopy());
    }

    /** The cell is moved behind what was put meanwhile, so that room is left. */
    @Test
    void unfinishedPut_thatWasPassed_comesLater() {
        RegionObject object = object(2);
        CellBuffer buffer = new CellBuffer(region, object);
        SlowProducer slow = new SlowProducer(object);
        slow.begin();
        buffer.offer(item(1));
        buffer.pollCopy();
        buffer.offer(item(2));
        assertFalse(buffer.offer(item(3)));
        slow.finish(10);
        assertEquals(10, buffer.pollCopy()[0]);
        assertEquals(2, buffer.pollCopy()[0]);
        assertNull(buffer.pollCopy());
    }

    @Test
    @Scenario("buffer/6")
    void unfinishedPut_delaysTheEnd() throws InterruptedException {
        RegionObject object = object(2);
        CellBuffer buffer = new CellBuffer(region, object);
        SlowProducer slow = new SlowProducer(object);
        slow.begin();
        buffer.end();
        assertFalse(buffer.isExhausted());
        assertFalse(buffer.join(Deadline.after(SHORT)));
        assertNull(buffer.take(Deadline.after(SHORT)));
        slow.finish(1);
        assertEquals(1, buffer.takeCopy(Deadline.NEVER)[0]);
        assertNull(buffer.takeCopy(Deadline.NEVER));
        assertTrue(buffer.isExhausted());
    }
}
