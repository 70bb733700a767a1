package org.processmanager.sync.internal.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;

/** A consumer that has items for long: all others pass their cells. */
class HeldCellTest {
    private static final int LAPS = 100;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Where a new handle begins to search. */
    @ParameterizedTest
    @CsvSource({"32, 32", "64, 32", "1, 2", "3, 2"})
    void headAndTail_passHeldCells(int cells, int step) {
        try (Region region = Region.open(RegionDirectory.resolve(tmp.name("r")), OpenMode.CREATE_NEW, 1 << 20)) {
            RegionObject object = region.objects()
                    .findOrCreate(
                            "buffer",
                            SyncObjectTypes.BOUNDED_BUFFER,
                            new int[] {cells, 1, 0},
                            BufferLayout.bytes(cells, 1),
                            null);
            CellBuffer buffer = new CellBuffer(region, object);
            ByteBuffer item = ByteBuffer.allocate(1);
            List<TakenCell> held = new ArrayList<>();
            for (int i = 1; i <= cells; i++) {
                assertTrue(buffer.offer(item));
                TakenCell taken = buffer.poll();
                if (i % step == 0) {
                    held.add(taken);
                } else {
                    taken.ack();
                }
            }
            assertEquals(cells / step, held.size());
            for (int i = 0; i < LAPS * cells; i++) {
                assertTrue(buffer.offer(item));
                buffer.poll().ack();
            }
            int offset = object.offset();
            long leastExpected = (LAPS - 2L) * cells - 64;
            assertTrue(BufferLayout.headVolatile(region.memory(), offset) >= leastExpected);
            assertTrue(BufferLayout.tailVolatile(region.memory(), offset) >= leastExpected);
        }
    }
}
