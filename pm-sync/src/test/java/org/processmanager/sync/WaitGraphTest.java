package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.BlockedThread;
import org.processmanager.core.event.ProcessEvent.DeadlockFound;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** The wait graph of one process; {@link WaitGraphIT} has several. */
class WaitGraphTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory second;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.path("region"), Party.BYTES);
        second = SharedMemory.open(memory.path());
    }

    @AfterEach
    void close() {
        second.close();
        memory.close();
    }

    /** A thread that takes one mutex after the other, and one that does so the other way round. */
    private List<Running<Boolean>> deadlock() {
        SharedLong ready = memory.atomicLong("ready");
        return List.of(lockBoth("left", "x", "y", ready), lockBoth("right", "y", "x", ready));
    }

    private Running<Boolean> lockBoth(String name, String one, String two, SharedLong ready) {
        return Threads.start(() -> {
            Thread.currentThread().setName(name);
            try (Hold first = memory.mutex(one).acquire()) {
                ready.incrementAndGet();
                Eventually.assertThat(LONG, "both are ready", () -> ready.get() == 2);
                try (Hold both = memory.mutex(two).acquire()) {
                    return true;
                } catch (InterruptedException e) {
                    return false;
                }
            }
        });
    }

    private static void end(List<Running<Boolean>> threads) {
        threads.get(0).thread().interrupt();
        assertFalse(threads.get(0).result());
        assertTrue(threads.get(1).result());
    }

    private WaitGraph awaitWaits(int count) {
        Eventually.assertThat(
                LONG, count + " threads wait", () -> memory.waitGraph().waits().size() == count);
        return memory.waitGraph();
    }

    @Test
    @Scenario("waits/8")
    void watch_reportsADeadlockOnceWithStacks() throws Exception {
        BlockingQueue<ProcessEvent> events = new LinkedBlockingQueue<>();
        try (WaitGraph.Watch watch = WaitGraph.watch(Duration.ofMillis(1), events::add, memory)) {
            List<Running<Boolean>> threads = deadlock();
            DeadlockFound found = (DeadlockFound) events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(found);
            assertEquals(ProcessHandle.current().pid(), found.reporter());
            assertEquals(2, found.threads().size());
            for (BlockedThread thread : found.threads()) {
                assertEquals(thread.name().equals("left") ? "y" : "x", thread.object());
                assertTrue(
                        thread.stack().stream().anyMatch(frame -> frame.contains("SharedMutex.acquire")),
                        thread::toString);
            }
            assertNull(events.poll(50, TimeUnit.MILLISECONDS), "once");
            end(threads);
        }
        Eventually.assertThat(LONG, "the thread ends", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("pm-deadlocks")));
    }

    @Test
    void watch_endsWithItsRegions() {
        WaitGraph.watch(Duration.ofMillis(1), event -> {}, second);
        second.close();
        Eventually.assertThat(LONG, "the thread ends", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("pm-deadlocks")));
    }

    @Test
    @Scenario("waits/5")
    void thread_waitingForItself_isADeadlock() {
        Running<Boolean> running = Threads.start(() -> {
            memory.mutex("x").acquire();
            try {
                second.mutex("x").acquire();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        WaitGraph graph = awaitWaits(1);
        assertEquals(List.of(new WaitGraph.Deadlock(graph.waits())), graph.deadlocks());
        running.thread().interrupt();
        assertTrue(running.result());
    }

    @Test
    void ownerOfLongHold_isNamed() throws Exception {
        try (Hold hold = memory.mutex("x").acquire()) {
            Running<Hold> waiter = Threads.start(() -> second.mutex("x").tryAcquire(LONG));
            String name = Thread.currentThread().getName();
            Eventually.assertThat(LONG, "it is named", () -> memory.mutex("x")
                    .snapshot()
                    .owners()
                    .get(0)
                    .threadName()
                    .equals(cut(name, 28)));
            WaitGraph.Wait wait = awaitWaits(1).waits().get(0);
            assertTrue(wait.limited());
            assertEquals(cut(name, 28), wait.owners().get(0).threadName());
            assertEquals(Thread.currentThread().getId(), wait.owners().get(0).thread());
            waiter.thread().interrupt();
            assertTrue(waiter.failure() instanceof InterruptedException);
        }
    }

    private static String cut(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }

    @Test
    void longName_isCutBetweenCharacters() throws Exception {
        Running<Void> waiter = Threads.start(() -> {
            Thread.currentThread().setName("a".repeat(31) + "\u00e9");
            memory.event("event").await();
            return null;
        });
        WaitGraph.Wait wait = awaitWaits(1).waits().get(0);
        assertEquals("a".repeat(31), wait.threadName());
        assertEquals("event", wait.type());
        assertEquals(List.of(), wait.owners());
        memory.event("event").set();
        waiter.result();
    }

    @Test
    void readWriteLock_saysWhoReadsAndWrites() throws Exception {
        SharedReadWriteLock lock = memory.readWriteLock("lock");
        ReadHold reads = lock.acquireRead();
        Running<Void> writer = Threads.start(() -> {
            second.readWriteLock("lock").acquireWrite().close();
            return null;
        });
        WaitGraph.Wait write = awaitWaits(1).waits().get(0);
        assertEquals(WaitGraph.Purpose.WRITE, write.purpose());
        assertEquals(ProcessHandle.current().pid(), write.owners().get(0).pid());
        assertEquals(0, write.owners().get(0).thread(), "a reader that does not wait is not recorded");
        Running<Void> reader = Threads.start(() -> {
            lock.acquireRead().close();
            return null;
        });
        List<WaitGraph.Wait> both = awaitWaits(2).waits();
        assertEquals(WaitGraph.Purpose.READ, both.get(1).purpose());
        assertEquals(writer.thread().getId(), both.get(1).owners().get(0).thread());
        reads.close();
        writer.result();
        reader.result();
        assertEquals(List.of(), memory.waitGraph().waits());
    }

    @Test
    void leases_nameOwnersAndAreNoDeadlock() throws Exception {
        LeasedSemaphore leased = memory.leasedSemaphore("leased", 1);
        Lease lease = leased.acquire();
        Running<Lease> waiter = Threads.start(leased::acquire);
        WaitGraph.Wait wait = awaitWaits(1).waits().get(0);
        assertEquals(Thread.currentThread().getId(), wait.owners().get(0).thread());
        lease.close();
        waiter.result().close();
    }

    @Test
    @Scenario("waits/6")
    void threadsBeyondTheRoom_areCounted() {
        List<Running<Void>> waiters =
                Threads.startAll(300, number -> memory.event("event").await());
        Eventually.assertThat(LONG, "all wait", () -> {
            WaitGraph graph = memory.waitGraph();
            return graph.waits().size() + graph.unlisted() == 300;
        });
        assertTrue(memory.waitGraph().unlisted() >= 44, "256 have room");
        Eventually.assertThat(
                LONG, "all are counted", () -> second.event("event").snapshot().waiters() == 300);
        memory.event("event").set();
        waiters.forEach(Running::result);
        assertEquals(0, memory.event("event").snapshot().waiters());
    }

    @Test
    void badInput_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> WaitGraph.watch(Duration.ZERO, event -> {}, memory));
        assertThrows(IllegalArgumentException.class, () -> WaitGraph.watch(Duration.ofMillis(1), event -> {}));
        assertThrows(NullPointerException.class, () -> WaitGraph.watch(Duration.ofMillis(1), null, memory));
        assertThrows(RegionException.class, () -> WaitGraph.of(tmp.path("none")));
        assertThrows(RegionException.class, () -> WaitGraph.of(memory.path(), Path.of("/dev/null")));
        second.close();
        assertThrows(IllegalStateException.class, () -> second.waitGraph());
    }
}
