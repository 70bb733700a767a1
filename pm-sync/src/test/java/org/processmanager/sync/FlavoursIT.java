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
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/**
 * What any lock, semaphore and bounded buffer must do, with threads for workers, with processes, and with both: the
 * questions that the tests of CPython's multiprocessing and of the JDK's Semaphore and ArrayBlockingQueue ask.
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

    private static final int WORKERS = 4;

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
        while (CHILDREN.size() < flavour.processes) {
            CHILDREN.add(ChildJvm.start(Party.class));
        }
        CHILDREN.subList(0, flavour.processes).forEach(child -> child.call("open", path));
        List<Supplier<String>> running = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
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
    void mutex_excludes(Flavour flavour) {
        work(flavour, "mutex");
        assertEquals((long) WORKERS * times, memory.atomicLong("number").get());
    }

    @ParameterizedTest
    @EnumSource
    void mutex_isReentrant(Flavour flavour) {
        work(flavour, "nested");
        assertEquals((long) WORKERS * times, memory.atomicLong("number").get());
    }

    @ParameterizedTest
    @EnumSource
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
    void permits_released_areAcquiredByOthers(Flavour flavour) {
        work(flavour, "signal", "await");
        assertEquals(0, memory.semaphore("signal", 0).availablePermits());
    }

    @ParameterizedTest
    @EnumSource
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
    void waits_lastAsLongAsRequested(Flavour flavour) {
        for (String had : work(flavour, "timeouts")) {
            assertEquals("false", had);
        }
    }
}
