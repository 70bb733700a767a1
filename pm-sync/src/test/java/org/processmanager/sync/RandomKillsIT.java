package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.KillsParty.Objects;
import org.processmanager.sync.KillsParty.Records;
import org.processmanager.sync.KillsParty.Thing;

/**
 * Processes that use every kind of object and are killed at random, one after another: half of them, and the first ones, while
 * they have something in hand.
 */
class RandomKillsIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int PARTIES = 3;
    private static final int LEAST_KILLS = Thing.values().length;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    @Scenario("sync/15")
    @Scenario("research-sync/39")
    void randomKills_loseNothing() throws Exception {
        Path path = evidence.keep(tmp.sharedFile("kills"));
        Path file = tmp.path("records");
        Records records = new Records(file);
        try (SharedMemory memory = SharedMemory.create(tmp.name("kills"), Party.BYTES)) {
            Objects objects = Objects.in(memory);
            Tally tally = killForAWhile(objects, records, path, file);
            assertEquals(0, objects.wrong().get(), "violations seen by the processes");
            assertNumbersAgree(objects);
            assertEquals(KillsParty.PERMITS, objects.semaphore().availablePermits());
            assertEquals(KillsParty.LEASES, objects.leased().availablePermits());
            assertItemsAreCountedOnce(objects, records, tally);
            assertEquals(1, SharedMemory.snapshot(path).participants().size(), "no slot of a dead process is left");
            System.out.println(tally.text(path, objects));
        }
    }

    /** What the test saw of the processes it killed. */
    private static final class Tally {
        private int parties;
        private int kills;
        private int lost;
        private long items;

        private String text(Path path, Objects objects) {
            Map<String, Long> deaths = new LinkedHashMap<>();
            SharedMemory.snapshot(path).objects().stream()
                    .filter(object -> object.deathsRepaired() > 0)
                    .forEach(object -> deaths.put(object.name(), object.deathsRepaired()));
            return kills + " kills, " + objects.rounds().get() + " rounds, "
                    + objects.left().get() + " sections, " + items + " items ("
                    + objects.redelivered().get()
                    + " redelivered), plain permits lost and given back " + lost + ", deaths repaired " + deaths;
        }
    }

    private static Tally killForAWhile(Objects objects, Records records, Path path, Path file) {
        long end = System.nanoTime()
                + Soak.scaled(Duration.ofMinutes(10), Duration.ofSeconds(3)).toNanos();
        Random random = new Random(42);
        Map<Integer, ChildJvm> live = new LinkedHashMap<>();
        Tally tally = new Tally();
        try {
            while (System.nanoTime() < end || tally.kills < LEAST_KILLS) {
                while (live.size() < PARTIES) {
                    ChildJvm party = ChildJvm.start(KillsParty.class);
                    live.put(tally.parties, party);
                    party.call("work", path, file, tally.parties++);
                }
                long before = objects.rounds().get();
                long wanted = 1 + random.nextInt(5_000);
                Eventually.assertThat(
                        LONG, "they continue", () -> objects.rounds().get() - before >= wanted);
                int victim = List.copyOf(live.keySet()).get(random.nextInt(PARTIES));
                if (tally.kills < LEAST_KILLS || random.nextBoolean()) {
                    Thing thing = Thing.values()[tally.kills % Thing.values().length];
                    Eventually.assertThat(LONG, "has it: " + thing, () -> records.hasInHand(victim, thing));
                }
                try (ChildJvm party = live.remove(victim)) {
                    party.kill9();
                }
                tally.kills++;
                giveBackFor(victim, live.values(), objects, records, tally);
            }
            live.values().forEach(party -> party.call("stop"));
        } finally {
            live.values().forEach(party -> {
                party.kill9();
                party.close();
            });
        }
        return tally;
    }

    /** A plain semaphore loses what a dead process had: one permit at most, which the test gives back. */
    private static void giveBackFor(
            int victim, Collection<ChildJvm> live, Objects objects, Records records, Tally tally) {
        int place = records.semaphore(victim);
        if (place == KillsParty.OUTSIDE) {
            return;
        }
        live.forEach(party -> party.call("pause"));
        int lost = KillsParty.PERMITS - objects.semaphore().availablePermits();
        assertTrue(place == KillsParty.INSIDE ? lost == 1 : lost == 0 || lost == 1, lost + " permits lost");
        objects.semaphore().release(lost);
        tally.lost += lost;
        live.forEach(party -> party.call("resume"));
    }

    private static void assertNumbersAgree(Objects objects) throws InterruptedException {
        try (Hold hold = objects.mutex().tryAcquire(LONG)) {
            assertNotNull(hold);
            if (hold.previousOwnerDied()) {
                objects.right().set(objects.left().get());
                hold.markConsistent();
            }
            assertEquals(objects.left().get(), objects.right().get());
        }
    }

    private static void assertItemsAreCountedOnce(Objects objects, Records records, Tally tally) throws Exception {
        UnackedItem left = objects.buffer().pollUnacked(Duration.ofSeconds(1));
        while (left != null) {
            objects.noteTaken(left, records, KillsParty.NO_PARTY);
            left = objects.buffer().pollUnacked(Duration.ofMillis(300)); // long enough to probe for dead owners
        }
        assertEquals(0, objects.wrong().get());
        for (int party = 0; party < tally.parties; party++) {
            int put = records.put(party);
            for (int item = 0; item < put; item++) {
                assertTrue(
                        records.wasTaken(party, item),
                        "item " + item + " of " + put + " of process " + party + " was lost");
            }
            tally.items += put;
            // The next one may have been put by a process that died before it noted that.
            for (int item = put + 1; item < KillsParty.MOST_ITEMS; item++) {
                assertFalse(records.wasTaken(party, item), "item " + item + " was never put");
            }
        }
        for (int i = 0; i < KillsParty.CELLS; i++) {
            assertTrue(objects.buffer().offer(new byte[8]), "cell " + i + " is free");
        }
        assertFalse(objects.buffer().offer(new byte[8]));
    }
}
