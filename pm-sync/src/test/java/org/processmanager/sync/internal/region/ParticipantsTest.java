package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.park.Deadline;

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
    void join_whenAllSlotsAreAlive_isRefused() throws Exception {
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

            // As if the process in a slot had just been killed.
            Process process = new ProcessBuilder("true").start();
            process.waitFor();
            Region ended = handles.get(99);
            int slot = Participants.slot(ended.participants().self());
            SlotLayout.describePlain(ended.memory(), slot, process.pid(), 0, 0, "true");
            FutureTask<Region> joins = new FutureTask<>(this::open);
            Thread joining = new Thread(joins);
            joining.start();
            assertTrue(Eventually.await(
                    Duration.ofSeconds(30), () -> joining.getState() == Thread.State.TIMED_WAITING || joins.isDone()));
            ended.close();
            handles.add(joins.get());
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

    /** What remains of a process that has ended while its files in /proc are read. */
    @Test
    void isAlive_afterTheProcessHasEnded_waitsForTheLock() throws Exception {
        Region ended = open();
        try (Region region = open()) {
            int word = ended.participants().self();
            int slot = Participants.slot(word);
            assertTrue(region.participants().isAlive(word, Deadline.after(Duration.ofDays(1))), "it runs");
            Process process = new ProcessBuilder("true").start();
            process.waitFor();
            SlotLayout.describePlain(region.memory(), slot, process.pid(), 0, 0, "true");
            assertTrue(region.participants().isAlive(word, Deadline.AT_ONCE));

            FutureTask<Boolean> alive =
                    new FutureTask<>(() -> region.participants().isAlive(word, Participants.untilRefusal()));
            Thread waiting = new Thread(alive);
            waiting.start();
            assertTrue(Eventually.await(
                    Duration.ofSeconds(30), () -> waiting.getState() == Thread.State.TIMED_WAITING || alive.isDone()));
            ended.close();
            assertFalse(alive.get());
        } finally {
            ended.close();
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
