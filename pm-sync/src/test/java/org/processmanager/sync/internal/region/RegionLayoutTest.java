package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The layout of version 1.2. Whoever has to change a number here has made another layout, which needs another version. */
class RegionLayoutTest {
    @Test
    void layout_isThatOfItsVersion() {
        assertEquals(1, RegionDescriptor.MAJOR_VERSION);
        assertEquals(2, RegionDescriptor.MINOR_VERSION);
        assertEquals("6a53a3ed65001f5e", Long.toHexString(RegionDescriptor.HASH));
    }

    @Test
    void tables_followEachOther() {
        int slots = RegionDescriptor.DEFAULT_SLOTS;
        assertEquals(RegionDescriptor.HEADER_BYTES, SlotDescriptor.offset(1));
        assertEquals(RegionDescriptor.directoryOffset(slots), SlotDescriptor.offset(slots + 1));
        assertEquals(
                RegionDescriptor.objectsOffset(slots, 3),
                RegionDescriptor.directoryOffset(slots) + 3 * DirectoryDescriptor.BYTES);
        assertEquals(0, RegionDescriptor.objectsOffset(slots, 3) % RegionDescriptor.OBJECT_ALIGNMENT);
    }

    @Test
    void sizeFor_leavesRoomForSoMuch() {
        long overhead = RegionDescriptor.objectsOffset(256, 256);
        for (long bytes : new long[] {1, 4096, 1_000_000}) {
            long size = RegionDescriptor.sizeFor(bytes);
            assertTrue(size >= overhead + bytes && size < overhead + bytes + 4096, bytes + " gives " + size);
            assertEquals(0, size % 4096);
        }
    }

    @Test
    void lockBytes_areTheirOwnForEachSlot() {
        assertEquals(1L << 40, LockBytes.CREATE);
        assertEquals((1L << 40) + 16 + 2 * 5, LockBytes.alive(5));
        assertEquals((1L << 40) + 17 + 2 * 5, LockBytes.repair(5));
    }
}
