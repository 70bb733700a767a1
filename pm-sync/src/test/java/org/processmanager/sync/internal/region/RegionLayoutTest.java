package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;

/** The layout of version 1.4. A change of a number here is another layout, which needs another version. */
class RegionLayoutTest {
    @Test
    void layout_hasHashOfItsVersion() {
        assertEquals(1, RegionLayout.MAJOR_VERSION);
        assertEquals(4, RegionLayout.MINOR_VERSION);
        assertEquals("a2188fff70c65617", Long.toHexString(RegionLayout.HASH));
    }

    @Test
    void tables_followEachOther() {
        int slots = RegionLayout.DEFAULT_SLOTS;
        assertEquals(RegionLayout.HEADER_BYTES, SlotLayout.offset(1));
        assertEquals(RegionLayout.directoryOffset(slots), SlotLayout.offset(slots + 1));
        int waits = RegionLayout.waitsOffset(slots, 3);
        assertEquals(RegionLayout.directoryOffset(slots) + 3 * DirectoryLayout.BYTES, waits);
        assertEquals(waits + slots * WaitLayout.BYTES, RegionLayout.objectsOffset(slots, 3));
        for (int odd = 1; odd < 4; odd++) {
            assertEquals(0, RegionLayout.objectsOffset(odd, 3) % RegionLayout.OBJECT_ALIGNMENT);
        }
    }

    @Test
    void sizeFor_leavesRoomForObjects() {
        long overhead = RegionLayout.objectsOffset(256, 256);
        for (long bytes : new long[] {1, 4096, 1_000_000}) {
            long size = RegionLayout.sizeFor(bytes);
            assertTrue(size >= overhead + bytes && size < overhead + bytes + 4096, bytes + " gives " + size);
            assertEquals(0, size % 4096);
        }
    }

    @Test
    void lockBytes_differForEachSlot() {
        assertEquals(1L << 40, LockBytes.CREATE);
        assertEquals((1L << 40) + 16 + 2 * 5, LockBytes.alive(5));
        assertEquals((1L << 40) + 17 + 2 * 5, LockBytes.repair(5));
    }
}
