package org.processmanager.sync.internal.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/** A buffer whose head or tail, where a new handle begins to search, is what no party writes. */
class DamagedCursorTest {
    private static final int CELLS = 12; // no power of two
    private static final ByteBuffer ITEM = ByteBuffer.allocate(1);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region region;
    private RegionObject object;

    @BeforeEach
    void createABuffer() {
        region = Region.open(RegionDirectory.resolve(tmp.name("r")), OpenMode.CREATE_NEW, 1 << 20);
        object = region.objects()
                .findOrCreate(
                        "buffer",
                        SyncObjectTypes.BOUNDED_BUFFER,
                        new int[] {CELLS, 1, 0},
                        BufferLayout.bytes(CELLS, 1),
                        null);
        CellBuffer buffer = new CellBuffer(region, object);
        for (int i = 0; i < 100; i++) {
            assertTrue(buffer.offer(ITEM));
            buffer.poll().ack();
        }
    }

    @AfterEach
    void close() {
        region.close();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {-5, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 61, 1L << 40, CELLS * 100_000L, 1L << 62 | 7})
    void impossiblePosition_isDamage(long position) {
        Words.putLongVolatile(region.memory(), object.offset() + BufferLayout.HEAD, position);
        Words.putLongVolatile(region.memory(), object.offset() + BufferLayout.TAIL, position);
        assertDamage(() -> new CellBuffer(region, object).offer(ITEM));
        assertDamage(() -> new CellBuffer(region, object).poll());
    }

    private static void assertDamage(Executable use) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            RegionException e = assertThrows(RegionException.class, use);
            assertEquals(RegionException.Reason.CORRUPT, e.reason());
        });
    }

    @Test
    void handleThatWasIdleForLong_findsTheOthers() {
        CellBuffer idle = new CellBuffer(region, object);
        CellBuffer busy = new CellBuffer(region, object);
        for (int i = 0; i < 1_000_000; i++) { // more laps than a head or tail can be wrong
            assertTrue(busy.offer(ITEM));
            busy.poll().ack();
        }
        assertNull(idle.poll());
        assertTrue(idle.offer(ITEM));
        busy.poll().ack();
    }
}
