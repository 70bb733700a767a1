package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/**
 * What any lock, semaphore, bounded buffer, barrier, event and latch must do, with threads for workers, with processes, and with
 * both: what the tests of CPython's multiprocessing and those of java.util.concurrent check.
 */
class FlavoursIT {
    /** The workers: four each. */
    enum Flavour {
        THREADS(4, 0),
        PROCESSES(0, 4),
        MIXED(2, 2);

        private final int threads;
        private final int processes;

        Flavour(int threads, int processes) {
            this.threads = threads;
            this.processes = processes;
        }
    }

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    /** Shared by all tests, since starting them takes longest. */
    private static final List<ChildJvm> CHILDREN = new ArrayList<>();

    private final int times = Soak.scaled(100_000, 2_000);
    private Path path;
    private SharedMemory memory;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("f"));
        memory = SharedMemory.create(tmp.name("f"), Party.BYTES);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @AfterAll
    static void endChildren() {
        CHILDREN.forEach(ChildJvm::close);
        CHILDREN.clear();
    }

    /** Starts the workers; each gets the task of its number, modulo how many there are. */
    private List<String> work(Flavour flavour, String... tasks) {
        return work(flavour, times, tasks);
    }

    private List<String> work(Flavour flavour, int times, String... tasks) {
        while (CHILDREN.size() < flavour.processes) {
            CHILDREN.add(ChildJvm.start(Party.class));
        }
        CHILDREN.subList(0, flavour.processes).forEach(child -> child.call("open", path));
        List<Supplier<String>> running = new ArrayList<>();
        for (int worker = 0; worker < FlavourWork.WORKERS; worker++) {
            String task = tasks[worker % tasks.length];
            int number = worker;
            // Of the mixed ones a thread and a process have each task.
            boolean process = flavour.threads == 0 || (flavour.processes > 0 && worker >= flavour.threads);
            if (process) {
                ChildJvm child = CHILDREN.get(worker - flavour.threads);
                ChildReply reply = child.send("work", task, number, times);
                running.add(reply::await);
            } else {
                Running<String> thread = Threads.start(() -> FlavourWork.run(memory, task, number, times));
                running.add(thread::result);
            }
        }
        List<String> results = running.stream().map(Supplier::get).toList();
        CHILDREN.subList(0, flavour.processes).forEach(child -> child.call("close"));
        return results;
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/1")
    void mutex_excludes(Flavour flavour) {
        work(flavour, "mutex");
        assertEquals(
                (long) FlavourWork.WORKERS * times, memory.atomicLong("number").get());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/2")
    void mutex_isReentrant(Flavour flavour) {
        work(flavour, "nested");
        assertEquals(
                (long) FlavourWork.WORKERS * times, memory.atomicLong("number").get());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/3")
    void leases_areNeverMoreThanPermits(Flavour flavour) {
        for (String most : work(flavour, "leases")) {
            assertTrue(Integer.parseInt(most) >= 1 && Integer.parseInt(most) <= FlavourWork.PERMITS, most);
        }
        assertEquals(
                FlavourWork.PERMITS,
                memory.leasedSemaphore("leases", FlavourWork.PERMITS).availablePermits());
    }

    @ParameterizedTest
    @EnumSource
    void fairSemaphoreOfOne_excludes(Flavour flavour) {
        work(flavour, "fair");
        assertEquals(
                (long) FlavourWork.WORKERS * (times / 10),
                memory.atomicLong("number").get());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/4")
    void permits_released_areAcquiredByOthers(Flavour flavour) {
        work(flavour, "signal", "await");
        assertEquals(0, memory.semaphore("signal", 0).availablePermits());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/6")
    void items_areTakenOnceAndInOrder(Flavour flavour) {
        long sum = 0;
        for (String taken : work(flavour, "put", "take")) {
            sum += taken.isEmpty() ? 0 : Long.parseLong(taken);
        }
        assertEquals(2 * ((long) times * (times - 1) / 2), sum);
        assertEquals(
                0, memory.boundedBuffer("buffer", FlavourWork.CELLS, Long.BYTES).size());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/5")
    void waits_lastAsLongAsRequested(Flavour flavour) {
        for (String had : work(flavour, "timeouts")) {
            assertEquals("false", had);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/10")
    @Scenario("cpython/11")
    @Scenario("cpython/12")
    @Scenario("jdk/3")
    @Scenario("jdk/4")
    void barrier_passesAllInRounds(Flavour flavour) {
        int rounds = times / 20;
        int indexes = 0;
        int last = 0;
        for (String result : work(flavour, rounds, "barrier.rounds")) {
            String[] numbers = result.split(" ");
            indexes += Integer.parseInt(numbers[0]);
            last += Integer.parseInt(numbers[1]);
        }
        assertEquals(rounds * (1 + 2 + 3), indexes, "each party of a round has an index of its own");
        assertEquals(rounds, last);
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/13")
    @Scenario("jdk/2")
    void barrier_ofOneParty_neverBlocks(Flavour flavour) {
        assertEquals(List.of("3", "3", "3", "3"), work(flavour, "barrier.alone"));
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/14")
    @Scenario("cpython/16")
    @Scenario("jdk/5")
    @Scenario("jdk/7")
    @Scenario("jdk/9")
    void barrier_brokenByInterrupt_passesAfterReset(Flavour flavour) {
        work(flavour, "barrier.interrupt");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/17")
    @Scenario("jdk/6")
    @Scenario("jdk/7")
    @Scenario("jdk/9")
    void barrier_brokenByTimeout_passesAfterReset(Flavour flavour) {
        work(flavour, "barrier.timeout");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/9")
    void barrier_brokenByAction_passesAfterReset(Flavour flavour) {
        work(flavour, "barrier.action");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/15")
    @Scenario("jdk/8")
    @Scenario("jdk/10")
    void barrier_reset_failsTheWaitersAlone(Flavour flavour) {
        work(flavour, "barrier.reset");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/19")
    @Scenario("jdk/31")
    void condition_signal_wakesOne(Flavour flavour) {
        work(flavour, "condition.signal");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/20")
    @Scenario("jdk/31")
    void condition_signalAll_wakesAll(Flavour flavour) {
        work(flavour, "condition.signalAll");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/21")
    @Scenario("jdk/29")
    @Scenario("jdk/30")
    void conditionWaits_lastAsLongAsRequested(Flavour flavour) {
        work(flavour, "condition.timeouts");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/22")
    void condition_letsWorkersTakeTurns(Flavour flavour) {
        work(flavour, times / 160, "condition.state");
        assertEquals(
                (long) FlavourWork.WORKERS * (times / 160),
                memory.atomicLong("turn").get());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/33")
    void conditionOfLock_releasesAllHolds(Flavour flavour) {
        work(flavour, "condition.lock");
    }

    @ParameterizedTest
    @EnumSource
    void conditions_boundTheItems(Flavour flavour) {
        work(flavour, times / 20, "condition.put", "condition.take");
        assertEquals(0, memory.atomicLong("items").get());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/7")
    void event_isSetAndClearedForAll(Flavour flavour) {
        work(flavour, "event.state");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/8")
    void event_set_wakesAll(Flavour flavour) {
        work(flavour, "event.wake");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/9")
    void event_clearedAtOnce_wakesAll(Flavour flavour) {
        work(flavour, "event.pulse");
    }

    @ParameterizedTest
    @EnumSource
    void autoResetEvent_passesOneEachTime(Flavour flavour) {
        int passed = 0;
        for (String mine : work(flavour, times / 20, "event.pass")) {
            passed += Integer.parseInt(mine);
        }
        assertEquals(times / 20, passed);
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/12")
    @Scenario("jdk/13")
    void latch_countsDownToZero(Flavour flavour) {
        work(flavour, "latch.count");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/13")
    @Scenario("jdk/14")
    @Scenario("jdk/15")
    void latch_waitsUntilOpen(Flavour flavour) {
        work(flavour, "latch.wait");
    }

    @ParameterizedTest
    @EnumSource
    void ownedLatch_waitsForItsParties(Flavour flavour) {
        work(flavour, "latch.parties");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/16")
    void readWriteLock_protectsItsData(Flavour flavour) {
        long written = 0;
        for (String mine : work(flavour, times / 10, "rw.data")) {
            written += Long.parseLong(mine);
        }
        assertEquals(written, memory.atomicLong("left").get());
        assertEquals(written, memory.atomicLong("right").get());
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/17")
    @Scenario("jdk/19")
    @Scenario("jdk/21")
    void readers_shareTheLock(Flavour flavour) {
        work(flavour, "rw.share");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/16")
    @Scenario("jdk/19")
    @Scenario("jdk/22")
    @Scenario("jdk/23")
    void writer_excludesAll(Flavour flavour) {
        work(flavour, "rw.exclude");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/18")
    @Scenario("jdk/20")
    void nestedHolds_areReleasedOneByOne(Flavour flavour) {
        work(flavour, "rw.nest");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/20")
    void writer_thatDowngrades_letsReadersIn(Flavour flavour) {
        work(flavour, "rw.downgrade");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("jdk/24")
    @Scenario("jdk/25")
    void waitersOfALock_allGetIt(Flavour flavour) {
        work(flavour, "rw.wait");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/23")
    void values_areSetByOneAndSeenByAll(Flavour flavour) {
        work(flavour, "value.set");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/24")
    void values_countEachUpdate(Flavour flavour) {
        int each = times / 4;
        work(flavour, each, "value.count");
        int all = FlavourWork.WORKERS * each;
        assertEquals(all, memory.atomicInt("count").get());
        assertEquals(all, memory.bytes("plain", Integer.BYTES).getInt(0));
        SharedLongArray counts = memory.longs("counts", FlavourWork.WORKERS);
        for (int i = 0; i < counts.length(); i++) {
            assertEquals(each, counts.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/25")
    void array_isChangedInPlace(Flavour flavour) {
        work(flavour, "value.sums");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("cpython/27")
    void block_isOneForAllHandles(Flavour flavour) {
        work(flavour, "value.blocks");
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("values/5")
    void bytes_areFollowedWhole(Flavour flavour) {
        work(flavour, times / 4, "value.write", "value.follow");
        assertEquals(2L * (times / 4), memory.atomicBytes("value", 1_000).version());
    }
}
