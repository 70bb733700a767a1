package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
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
import org.processmanager.sync.KillsRecords.Thing;
import org.processmanager.sync.KillsSubjects.Permits;
import org.processmanager.sync.KillsSubjects.Takes;

/**
 * Processes that use every kind of object ({@link KillsSubjects}) and are killed at random, one after another: half of them, and
 * the first ones, while they have something in hand. With {@code -Psoak} for ten minutes, or {@code -Dpm.test.kills.seconds}.
 */
class RandomKillsIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PARTIES = 3;
    private static final int LEAST_KILLS = 3;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private final Random random = new Random(42);
    private final Map<Integer, ChildJvm> live = new LinkedHashMap<>();
    private Path path;
    private Path file;
    private SharedMemory memory;
    private KillsRecords records;
    private List<KillsSubject> subjects;

    private int parties;
    private int kills;
    private int lost;
    private Duration longestRecovery = Duration.ZERO;

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    @Scenario("sync/15")
    @Scenario("research-sync/39")
    void randomKills_loseNothing() throws Exception {
        path = evidence.keep(tmp.sharedFile("kills"));
        file = tmp.path("records");
        records = new KillsRecords(file);
        try (SharedMemory region = SharedMemory.create(tmp.name("kills"), SharedMemory.megabytes(4))) {
            memory = region;
            SharedMemory.create(KillsSubjects.latches(memory), SharedMemory.megabytes(1))
                    .close();
            subjects = KillsSubjects.all(new KillsSubject.Context(memory, records, KillsRecords.NO_PARTY));
            killForAWhile();
            assertNothingWrong();
            for (KillsSubject subject : subjects) {
                subject.assertAtRest(parties);
            }
            assertEquals(1, SharedMemory.snapshot(path).participants().size(), "no slot of a dead process is left");
            System.out.println(figures());
        }
    }

    private void killForAWhile() {
        Duration time = Duration.ofSeconds(Integer.getInteger("pm.test.kills.seconds", 600));
        long end = System.nanoTime() + Soak.scaled(time, Duration.ofSeconds(1)).toNanos();
        try {
            while (System.nanoTime() < end || kills < LEAST_KILLS) {
                startParties();
                long wanted = operations() + 1 + random.nextInt(Soak.scaled(5_000, 1_000));
                Eventually.assertThat(LONG, "they continue", () -> operations() >= wanted);
                int victim = List.copyOf(live.keySet()).get(random.nextInt(PARTIES));
                if (kills < LEAST_KILLS || random.nextBoolean()) {
                    Thing thing = Thing.values()[kills % Thing.values().length];
                    Eventually.assertThat(LONG, "has it: " + thing, () -> records.hasInHand(victim, thing));
                }
                kill(victim);
                assertNothingWrong();
            }
            live.values().forEach(party -> party.call("stop"));
            live.values().forEach(party -> party.call("awaitStopped"));
            assertNothingWrong();
        } finally {
            live.values().forEach(party -> {
                party.kill9();
                party.close();
            });
        }
    }

    /** None works before all have started: one alone would wait for the others to start, at a barrier or latch. */
    private void startParties() {
        int first = parties;
        while (live.size() < PARTIES) {
            live.put(parties++, ChildJvm.start(KillsParty.class));
        }
        for (int party = first; party < parties; party++) {
            live.get(party).call("work", path, file, party);
        }
    }

    private void kill(int victim) {
        try (ChildJvm party = live.remove(victim)) {
            long start = System.nanoTime();
            party.kill9();
            Eventually.assertThat(LONG, "repaired by the others", () -> isGone(party));
            Duration recovery = Duration.ofNanos(System.nanoTime() - start);
            longestRecovery = recovery.compareTo(longestRecovery) > 0 ? recovery : longestRecovery;
        }
        kills++;
        giveBackFor(victim, live.values());
    }

    private boolean isGone(ChildJvm party) {
        return SharedMemory.snapshot(path).participants().stream()
                .noneMatch(participant -> participant.pid() == party.pid());
    }

    private void giveBackFor(int victim, Collection<ChildJvm> others) {
        List<Permits> permits = subjects(Permits.class);
        if (permits.stream().anyMatch(semaphore -> semaphore.mayHaveLost(victim))) {
            others.forEach(party -> party.call("pause"));
            permits.forEach(semaphore -> lost += semaphore.giveBack(victim));
            others.forEach(party -> party.call("resume"));
        }
    }

    private <T extends KillsSubject> List<T> subjects(Class<T> type) {
        return subjects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private long operations() {
        return subjects.stream()
                .mapToLong(subject -> subject.operations().get())
                .sum();
    }

    private void assertNothingWrong() {
        assertEquals(0, memory.atomicLong("wrong").get(), () -> {
            StringBuilder errors = new StringBuilder("violations seen by the processes");
            live.values().forEach(party -> errors.append('\n').append(party.standardError()));
            return errors.toString();
        });
    }

    private String figures() {
        StringJoiner deaths = new StringJoiner(", ");
        SharedMemory.snapshot(path).objects().stream()
                .filter(object -> object.deathsRepaired() > 0)
                .forEach(object -> deaths.add(object.name() + " " + object.deathsRepaired()));
        StringJoiner uses = new StringJoiner(", ");
        for (KillsSubject subject : subjects) {
            long longest = Duration.ofNanos(subject.longest().get()).toMillis();
            uses.add(subject.name + " " + subject.operations().get() + " (longest " + longest + " ms)");
        }
        return kills + " kills, longest recovery " + longestRecovery.toMillis() + " ms, " + operations()
                + " operations; items redelivered "
                + subjects(Takes.class).get(0).redelivered().get() + ", permits without an owner lost and given back "
                + lost + "; deaths repaired: " + deaths + "; operations: " + uses;
    }
}
