package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;

class ParticipantsTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region open() {
        return Region.open(tmp.path("region"), OpenMode.OPEN_OR_CREATE, RegionLayout.sizeFor(128));
    }

    @Test
    void word_holdsSlotAndGeneration() {
        int word = Participants.word(SlotLayout.LARGEST_SLOT, 0x12345);
        assertEquals(SlotLayout.LARGEST_SLOT, Participants.slot(word));
        assertEquals(0x2345, Participants.generation(word));
        assertTrue(word > 0 && word < 1 << 29, "the upper three bits belong to the object");
    }

    @Test
    @Scenario("sync/11")
    @Scenario("research-sync/29")
    void join_whenAllSlotsAreAlive_isRefused() {
        List<Region> handles = new ArrayList<>();
        try {
            for (int i = 0; i < RegionLayout.DEFAULT_SLOTS; i++) {
                handles.add(open());
            }
            RegionException e = assertThrows(RegionException.class, this::open);
            assertEquals(Reason.FULL, e.reason());
            assertTrue(e.getMessage().contains("" + ProcessHandle.current().pid()), e.getMessage());
            handles.get(17).close();
            handles.add(open());
        } finally {
            handles.forEach(Region::close);
        }
    }

    @Test
    void isDead_ofEarlierGeneration_isTrue() {
        try (Region region = open()) {
            int self = region.participants().self();
            assertFalse(region.participants().isDead(Participants.slot(self), Participants.generation(self)));
            assertTrue(region.participants().isDead(Participants.slot(self), Participants.generation(self) - 1));
        }
    }

    @Test
    void isDead_ofUnusedSlot_isTrue() {
        try (Region region = open()) {
            assertTrue(region.participants().isDead(99, 0));
        }
    }

    @Test
    void isSlot_outOfRange_isFalse() {
        try (Region region = open()) {
            assertTrue(region.participants().isSlot(Participants.word(1, 0)));
            assertTrue(region.participants().isSlot(Participants.word(256, 0)));
            assertFalse(region.participants().isSlot(Participants.word(0, 1)));
            assertFalse(region.participants().isSlot(Participants.word(257, 0)));
        }
    }

    @Test
    void describe_namesTheProcess() {
        try (Region region = open()) {
            int slot = Participants.slot(region.participants().self());
            assertEquals(ProcessHandle.current().pid(), region.participants().pid(slot));
            assertTrue(region.participants()
                    .describe(slot)
                    .startsWith("pid " + ProcessHandle.current().pid() + " ("));
        }
    }

    @Test
    void name_tooLong_isTruncated() {
        Path path = tmp.path("region");
        try (Region region = open()) {
            SlotLayout.describePlain(region.memory(), 9, 1, 2, 3, "x".repeat(1000));
            assertEquals("x".repeat(SlotLayout.NAME_BYTES), SlotLayout.namePlain(region.memory(), 9));
            assertEquals(0, SlotLayout.pidPlain(region.memory(), 10), path.toString());
        }
    }
}
