package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.barrier.Barrier;
import org.processmanager.sync.internal.barrier.BarrierLayout;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.semaphore.SemaphoreLayout;

/** Words of objects that name a slot which the region does not have: what lies there is no slot. */
class DamagedOwnerTest {
    private static final int NO_SLOT = Participants.word(SlotLayout.LARGEST_SLOT, 1);
    private static final int BARRIER_CELLS = 256;
    private static final int SEMAPHORE_HIGHEST_SLOT = 64;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region region;
    private ByteBuffer memory;
    private RegionObject array;

    /** Memory beyond the slots that is used by an array. */
    @BeforeEach
    void open() {
        region = Region.open(RegionDirectory.resolve(tmp.name("r")), OpenMode.CREATE_NEW, 3 << 20);
        memory = region.memory();
    }

    @AfterEach
    void close() {
        region.close();
    }

    private RegionObject create(ObjectType type, int[] shape, int bytes) {
        return region.objects().findOrCreate("o" + type.code(), type, shape, bytes, null);
    }

    private void fill() {
        array = create(SyncObjectTypes.BYTE_ARRAY, new int[] {2 << 20}, 2 << 20);
        each(at -> 7);
    }

    private void assertIntact() {
        each(at -> {
            assertEquals(7, Words.intVolatile(memory, at), "word at " + at);
            return 7;
        });
    }

    private void each(IntUnaryOperator word) {
        for (int at = array.offset(); at < array.offset() + array.bytes(); at += Integer.BYTES) {
            Words.putIntVolatile(memory, at, word.applyAsInt(at));
        }
    }

    @Test
    void repair_ofNoSlot_changesNothing() {
        fill();
        region.repair(NO_SLOT);
        region.repairQuietly(Participants.word(0, 1));
        assertIntact();
    }

    @Test
    void lastParty_whenAnotherIsInNoSlot_isRefused() {
        RegionObject object = create(SyncObjectTypes.BARRIER, new int[] {2}, BarrierLayout.bytes(2));
        fill();
        Barrier barrier = new Barrier(region, object);
        Words.putLongVolatile(memory, object.offset() + BARRIER_CELLS, NO_SLOT);
        RegionException e = assertThrows(
                RegionException.class, () -> barrier.await(Deadline.after(Duration.ofSeconds(60)), () -> {}));
        assertEquals(RegionException.Reason.CORRUPT, e.reason());
        assertIntact();
    }

    @Test
    void repair_ofFairSemaphoreWithTooHighSlot_staysInIt() {
        int bytes = SemaphoreLayout.bytes(region.slots());
        RegionObject object = create(SyncObjectTypes.SEMAPHORE, new int[] {0, 1}, bytes);
        fill();
        Words.putIntVolatile(memory, object.offset() + SEMAPHORE_HIGHEST_SLOT, Integer.MAX_VALUE);
        ObjectHandler handler = ObjectHandler.of(object.type().code());
        handler.repair(memory, region.parking(), object, Participants.word(2, 1));
        assertIntact();
    }
}
