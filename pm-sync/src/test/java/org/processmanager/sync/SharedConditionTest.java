package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.Threads.Running;

class SharedConditionTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(30);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedMutex mutex;
    private SharedCondition condition;
    private SharedMutex otherMutex;
    private SharedCondition otherCondition;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("c"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("c"));
        mutex = memory.mutex("mutex");
        condition = mutex.condition("condition");
        otherMutex = other.mutex("mutex");
        otherCondition = otherMutex.condition("condition");
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private interface Wait {
        boolean run(Hold hold) throws InterruptedException;
    }

    /** Starts a thread that waits, and returns when it does, or has done so. */
    private static Running<Boolean> start(SharedMutex of, Wait wait) {
        Running<Boolean> running = Threads.start(() -> {
            try (Hold hold = of.acquire()) {
                return wait.run(hold);
            }
        });
        Eventually.assertThat(LONG, "waits", () -> isWaiting(running) || running.isDone());
        return running;
    }

    private static boolean isWaiting(Running<Boolean> running) {
        for (StackTraceElement frame : running.thread().getStackTrace()) {
            if (frame.getClassName().endsWith(".ConditionQueue")
                    && frame.getMethodName().equals("await")) {
                return true;
            }
        }
        return false;
    }

    private Running<Boolean> waitHere() {
        return start(mutex, hold -> condition.await(LONG));
    }

    private Running<Boolean> waitThere() {
        return start(otherMutex, hold -> otherCondition.await(LONG));
    }

    private void signal() throws InterruptedException {
        mutex.run(condition::signal);
    }

    private void signalAll() throws InterruptedException {
        mutex.run(condition::signalAll);
    }

    /** Waits until all but so many threads have been signalled and have returned. */
    private static void assertDone(List<Running<Boolean>> threads, int done) {
        Eventually.assertThat(
                LONG,
                done + " done",
                () -> threads.stream().filter(Running::isDone).count() == done);
    }

    @Test
    @Scenario("jdk/29")
    void anyUse_withoutMutex_isRefused() throws InterruptedException {
        Running<Hold> held = Threads.start(otherMutex::acquire);
        held.result();
        for (Executable use : List.<Executable>of(
                condition::await,
                condition::awaitUninterruptibly,
                () -> condition.await(SHORT),
                () -> condition.await(Duration.ZERO),
                () -> condition.await(1, TimeUnit.SECONDS),
                () -> condition.awaitNanos(1),
                () -> condition.awaitUntil(new Date()),
                condition::signal,
                condition::signalAll)) {
            IllegalMonitorStateException e = assertThrows(IllegalMonitorStateException.class, use);
            assertTrue(
                    e.getMessage().contains("'mutex'") && e.getMessage().endsWith("acquire it first"), e::getMessage);
        }
    }

    @Test
    @Scenario("jdk/31")
    void signal_wakesTheThreadThatWaitedLongest() throws InterruptedException {
        List<Running<Boolean>> threads = List.of(waitHere(), waitHere(), waitHere());
        for (int i = 0; i < 3; i++) {
            signal();
            assertTrue(threads.get(i).result());
            assertDone(threads, i + 1);
            assertEquals(2 - i, condition.waiters());
        }
    }

    @Test
    void signals_goToTheHandlesInTurn() throws InterruptedException {
        List<Running<Boolean>> here = List.of(waitHere(), waitHere());
        List<Running<Boolean>> there = List.of(waitThere(), waitThere());
        for (int i = 1; i <= 2; i++) {
            try (Hold hold = otherMutex.acquire()) {
                otherCondition.signal();
                otherCondition.signal();
            }
            assertDone(here, i);
            assertDone(there, i);
        }
    }

    @Test
    void signalAll_wakesThreadsOfAllHandles() throws InterruptedException {
        List<Running<Boolean>> threads = List.of(waitHere(), waitThere(), waitHere(), waitThere());
        try (Hold hold = mutex.acquire()) {
            condition.signalAll();
            assertEquals(0, condition.waiters());
            assertEquals("0 waiting, 4 signalled", condition.snapshot().state());
            assertDone(threads, 0); // they need the mutex
        }
        threads.forEach(thread -> assertTrue(thread.result()));
        assertEquals("0 waiting", condition.snapshot().state());
    }

    @Test
    void signal_withoutWaiters_isNotRemembered() throws InterruptedException {
        signal();
        signalAll();
        try (Hold hold = mutex.acquire()) {
            assertFalse(condition.await(SHORT));
        }
        Running<Boolean> waiter = waitHere();
        signal();
        assertTrue(waiter.result());
    }

    @Test
    void threadsWithoutSignal_sleepThroughManySlices() throws InterruptedException {
        List<Running<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(waitHere());
            threads.add(waitThere());
        }
        signal();
        assertDone(threads, 1);
        Eventually.await(Duration.ofMillis(120), () -> false);
        assertDone(threads, 1);
        signalAll();
        threads.forEach(thread -> assertTrue(thread.result()));
    }

    @Test
    @Scenario("jdk/33")
    void wait_releasesAllHolds_andRestoresThem() throws InterruptedException {
        Running<Boolean> waiter = start(mutex, outer -> {
            long token = outer.fencingToken();
            try (Hold inner = mutex.acquire()) {
                boolean signalled = condition.await(LONG) && condition.await(LONG);
                assertTrue(inner.isValid() && outer.isValid());
                assertTrue(outer.fencingToken() > token);
                try (Hold nested = mutex.acquire()) {
                    assertEquals(outer.fencingToken(), nested.fencingToken());
                    assertTrue(condition.await(LONG) && nested.isValid() && outer.isValid());
                }
                inner.close();
                assertTrue(mutex.isHeldByCurrentThread() && !inner.isValid() && outer.isValid());
                outer.close();
                assertFalse(mutex.isHeldByCurrentThread() || outer.isValid());
                return signalled;
            }
        });
        for (int i = 1; i <= 3; i++) {
            try (Hold hold = otherMutex.acquire()) {
                assertTrue(hold.fencingToken() > i);
                otherCondition.signal();
            }
            Eventually.assertThat(LONG, "waits again", () -> condition.waiters() == 1 || waiter.isDone());
        }
        assertTrue(waiter.result());
        assertEquals("free", mutex.snapshot().state());
    }

    @Test
    void sleeper_thatGivesUp_isReplaced() throws InterruptedException {
        Running<Boolean> first = start(mutex, hold -> condition.await(Duration.ofMillis(80)));
        Running<Boolean> second = waitHere();
        Running<Boolean> third = waitHere();
        assertFalse(first.result());
        second.thread().interrupt();
        assertInstanceOf(InterruptedException.class, second.failure());
        try (Hold hold = otherMutex.acquire()) {
            otherCondition.signal();
        }
        assertTrue(third.result());
    }

    @Test
    @Scenario("jdk/32")
    void signalled_andThenInterrupted_returnsNormally() throws InterruptedException {
        Running<Boolean> waiter = start(mutex, hold -> condition.await(LONG) && Thread.interrupted());
        try (Hold hold = mutex.acquire()) {
            condition.signal();
            waiter.thread().interrupt();
        }
        assertTrue(waiter.result());
    }

    @Test
    @Scenario("jdk/32")
    void interrupted_andThenSignalled_losesNoSignal() throws InterruptedException {
        Running<Boolean> first = start(mutex, hold -> condition.await(LONG) && Thread.interrupted());
        Running<Boolean> second = waitThere();
        try (Hold hold = mutex.acquire()) {
            first.thread().interrupt();
            Eventually.assertThat(
                    LONG, "waits for the mutex", () -> mutex.snapshot().waiters() == 1);
            condition.signal();
            condition.signal();
        }
        assertTrue(first.result());
        assertTrue(second.result());
    }

    @Test
    void timedOut_andThenSignalled_losesNoSignal() throws InterruptedException {
        Duration wait = Duration.ofMillis(50);
        while (true) {
            Duration limit = wait;
            Running<Boolean> first = start(mutex, hold -> condition.await(limit));
            Running<Boolean> second = waitHere();
            try (Hold hold = mutex.acquire()) {
                if (condition.waiters() == 2) {
                    Eventually.assertThat(
                            LONG, "waits for the mutex", () -> mutex.snapshot().waiters() == 1);
                    condition.signal();
                    hold.close();
                    assertTrue(first.result()); // late, but it has the signal
                    signal();
                    assertTrue(second.result());
                    return;
                }
            }
            signalAll(); // it was too fast
            assertTrue(second.result());
            wait = wait.multipliedBy(4);
        }
    }

    @Test
    @Scenario("jdk/30")
    void timedForms_returnWhatConditionsReturn() throws InterruptedException {
        try (Hold hold = mutex.acquire()) {
            assertTrue(condition.awaitNanos(SHORT.toNanos()) <= 0);
            assertEquals(-5, condition.awaitNanos(-5));
            assertFalse(condition.await(30, TimeUnit.MILLISECONDS));
            long start = System.nanoTime();
            assertFalse(condition.awaitUntil(new Date(System.currentTimeMillis() + 30)));
            assertTrue(System.nanoTime() - start >= 20_000_000);
            assertFalse(condition.awaitUntil(new Date(0)));
        }
        Running<Boolean> nanos = start(mutex, hold -> {
            long left = condition.awaitNanos(LONG.toNanos());
            return left > 0 && left < LONG.toNanos();
        });
        Running<Boolean> unit = start(mutex, hold -> condition.await(60, TimeUnit.SECONDS));
        Running<Boolean> date = start(mutex, hold -> condition.awaitUntil(new Date(Long.MAX_VALUE)));
        Running<Boolean> forEver = start(mutex, hold -> condition.await(Duration.ofNanos(Long.MAX_VALUE)));
        signalAll();
        assertTrue(nanos.result() && unit.result() && date.result() && forEver.result());
    }

    @Test
    void ownerDeath_whileWaiting_isReported() throws InterruptedException {
        Running<Boolean> waiter = start(mutex, hold -> {
            boolean before = hold.previousOwnerDied();
            condition.await();
            boolean died = hold.previousOwnerDied() && mutex.previousOwnerDied();
            hold.markConsistent();
            condition.await();
            boolean late = hold.previousOwnerDied();
            hold.close();
            return !before && died && !late && !hold.previousOwnerDied();
        });
        SharedMemory dying = SharedMemory.open(tmp.name("c"));
        dying.mutex("mutex").acquire();
        dying.close(); // as a death, before any signal
        Eventually.assertThat(
                LONG, "waits again", () -> mutex.snapshot().state().equals("free") && condition.waiters() == 1);
        signal();
        assertTrue(waiter.result());
        assertEquals(1, mutex.snapshot().deathsRepaired());
    }

    @Test
    void terminatedOwner_whileWaiting_isReported() throws Exception {
        Running<Boolean> waiter = start(mutex, hold -> {
            condition.await();
            hold.markConsistent();
            return hold.previousOwnerDied();
        });
        Thread owner = new Thread(() -> otherMutex.asLock().lock());
        owner.start();
        owner.join();
        assertTrue(waiter.result());
    }

    /** The owner that died may have been about to signal: nothing else would wake this thread. */
    @Test
    void interruptedWait_whenOwnerTerminates_returns() throws Exception {
        Running<Boolean> waiter = start(mutex, hold -> {
            condition.awaitUninterruptibly();
            boolean died = hold.previousOwnerDied();
            hold.markConsistent();
            return died && Thread.interrupted();
        });
        Running<Boolean> owner = Threads.start(() -> {
            otherMutex.asLock().lock();
            waiter.thread().interrupt();
            Eventually.assertThat(
                    LONG, "waits for the mutex", () -> otherMutex.snapshot().waiters() == 1);
            return true;
        });
        assertTrue(owner.result());
        assertTrue(waiter.result());
    }

    @Test
    void wait_beforeRepair_leavesItToTheNextOwner() throws Exception {
        SharedMemory dying = SharedMemory.open(tmp.name("c"));
        dying.mutex("mutex").acquire();
        dying.close();
        Running<Boolean> waiter =
                start(mutex, hold -> hold.previousOwnerDied() && condition.await(LONG) && !hold.previousOwnerDied());
        try (Hold hold = otherMutex.acquire()) {
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
            otherCondition.signal();
        }
        assertTrue(waiter.result());
    }

    @Test
    void poisonedMutex_endsTheWaitWithoutIt() throws Exception {
        Running<Boolean> here = waitHere();
        Running<Boolean> there = waitThere();
        try (SharedMemory dying = SharedMemory.open(tmp.name("c"))) {
            dying.mutex("mutex").acquire();
        }
        // One of them finds the mutex orphaned and does not repair it.
        List<Throwable> failures = new ArrayList<>();
        for (Running<Boolean> waiter : List.of(here, there)) {
            try {
                assertTrue(waiter.result());
            } catch (AssertionError e) {
                failures.add(e.getCause());
            }
        }
        assertEquals(1, failures.size());
        assertInstanceOf(MutexPoisonedException.class, failures.get(0));
        IllegalMonitorStateException late = assertThrows(IllegalMonitorStateException.class, mutex.asLock()::unlock);
        assertTrue(late.getMessage().endsWith("it is poisoned"), late::getMessage);
        assertEquals(0, condition.waiters());
        assertTrue(mutex.reset());
        Running<Boolean> again = waitHere();
        signal();
        assertTrue(again.result());
    }

    @Test
    void closedHandle_passesItsSignalOn() throws InterruptedException {
        Running<Boolean> first = waitHere();
        signal();
        assertTrue(first.result()); // so the next signal is for the other handle
        Running<Boolean> there = waitThere();
        Running<Boolean> here = waitHere();
        try (Hold hold = mutex.acquire()) {
            condition.signal();
            assertEquals(1, condition.waiters());
            other.close();
            assertInstanceOf(IllegalStateException.class, there.failure());
        }
        assertTrue(here.result());
    }

    @Test
    void waiter_ofClosedHandle_losesItsHold() {
        List<Throwable> closings = new CopyOnWriteArrayList<>();
        Running<Boolean> waiter = start(mutex, hold -> {
            try {
                return condition.await(LONG);
            } finally {
                closings.add(assertThrows(IllegalStateException.class, hold::close));
                assertFalse(hold.isValid() || mutex.isHeldByCurrentThread());
            }
        });
        memory.close();
        assertInstanceOf(IllegalStateException.class, waiter.failure());
        assertEquals(1, closings.size());
    }

    @Test
    void removedMutex_endsTheWait() {
        Running<Boolean> waiter = waitHere();
        assertTrue(other.remove("mutex"));
        assertEquals(Reason.REMOVED, reason(() -> {
            throw waiter.failure();
        }));
        assertEquals(Reason.REMOVED, reason(condition::signal));
        assertEquals(Reason.TYPE_MISMATCH, reason(() -> memory.mutex("mutex").condition("condition")));
    }

    private static Reason reason(Executable action) {
        return assertThrows(RegionException.class, action).reason();
    }

    @Test
    void removedCondition_endsTheWaitWithTheMutex() {
        Running<Boolean> waiter = start(mutex, hold -> {
            assertEquals(Reason.REMOVED, reason(condition::await));
            return hold.isValid() && mutex.isHeldByCurrentThread();
        });
        other.remove("condition");
        assertTrue(waiter.result());
    }

    @Test
    void condition_belongsToOneMutex() {
        RegionException e =
                assertThrows(RegionException.class, () -> memory.mutex("second").condition("condition"));
        assertEquals(Reason.TYPE_MISMATCH, e.reason());
        assertTrue(e.getMessage().contains("it belongs to mutex 'mutex'; open it with that one"), e::getMessage);
        assertEquals(Reason.TYPE_MISMATCH, reason(() -> mutex.condition("mutex")));
        assertThrows(IllegalArgumentException.class, () -> mutex.condition("no/name"));
        assertSame(condition, mutex.condition("condition"));
        assertNotSame(condition, otherCondition);
    }

    @Test
    void newCondition_isTheSameInOtherHandles() throws InterruptedException {
        Lock lock = mutex.asLock();
        Condition first = lock.newCondition();
        Condition second = lock.newCondition();
        Lock otherLock = otherMutex.asLock();
        Condition otherFirst = otherLock.newCondition();
        assertThrows(IllegalMonitorStateException.class, first::signal);
        Running<Boolean> waiter = Threads.start(() -> {
            lock.lock();
            lock.lock();
            try {
                return first.await(60, TimeUnit.SECONDS);
            } finally {
                lock.unlock();
                lock.unlock();
            }
        });
        SharedCondition shared = mutex.condition("mutex.condition-1");
        Eventually.assertThat(LONG, "waits", () -> shared.waiters() == 1);
        lock.lock();
        second.signalAll();
        lock.unlock();
        assertEquals(1, shared.waiters());
        otherLock.lock();
        otherFirst.signal();
        otherLock.unlock();
        assertTrue(waiter.result());
    }

    @Test
    void snapshot_countsWaitersAndDeaths() throws InterruptedException {
        try (SharedMemory dying = SharedMemory.open(tmp.name("c"))) {
            SharedMutex mine = dying.mutex("mutex");
            Running<Boolean> waiter =
                    start(mine, hold -> mine.condition("condition").await(LONG));
            assertEquals("1 waiting", condition.snapshot().state());
            dying.close();
            assertInstanceOf(IllegalStateException.class, waiter.failure());
        }
        try (Hold hold = mutex.acquire()) {
            assertFalse(condition.await(SHORT)); // repairs it
        }
        assertEquals(1, condition.snapshot().deathsRepaired());
        assertEquals("0 waiting", condition.snapshot().state());
        assertEquals("condition", condition.snapshot().type());
        assertTrue(condition.toString().startsWith("condition 'condition' of region"), condition::toString);
        assertEquals("condition", condition.name());
    }
}
