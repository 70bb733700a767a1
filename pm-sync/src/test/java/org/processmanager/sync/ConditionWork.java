package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.FlavourWork.LONG;
import static org.processmanager.sync.FlavourWork.SHORT;
import static org.processmanager.sync.FlavourWork.WORKERS;
import static org.processmanager.sync.FlavourWork.meet;

import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.processmanager.fixtures.Eventually;

/** What one worker of {@link FlavoursIT} does with a condition. */
final class ConditionWork {
    private static final int CAPACITY = 2;

    /** One for each handle. */
    private static final Map<Lock, Condition> OF_LOCKS = new ConcurrentHashMap<>();

    private ConditionWork() {}

    static void addTo(Map<String, FlavourWork.Task> tasks) {
        tasks.put("condition.signal", (memory, worker, times) -> signal(memory, worker));
        tasks.put("condition.signalAll", (memory, worker, times) -> signalAll(memory, worker));
        tasks.put("condition.timeouts", (memory, worker, times) -> timeouts(memory));
        tasks.put("condition.state", ConditionWork::state);
        tasks.put("condition.lock", (memory, worker, times) -> lock(memory, worker));
        tasks.put("condition.put", (memory, worker, times) -> put(memory, times));
        tasks.put("condition.take", (memory, worker, times) -> take(memory, times));
    }

    private static SharedMutex mutex(SharedMemory memory) {
        return memory.mutex("mutex");
    }

    private static SharedCondition condition(SharedMemory memory) {
        return mutex(memory).condition("condition");
    }

    private static void awaitWaiters(SharedMemory memory, int count) {
        Eventually.assertThat(LONG, count + " wait", () -> condition(memory).waiters() == count);
    }

    /** The first worker wakes the others, one by one. */
    private static String signal(SharedMemory memory, int worker) throws Exception {
        SharedLong woken = memory.atomicLong("woken");
        if (worker != 0) {
            try (Hold hold = mutex(memory).acquire()) {
                condition(memory).await();
                woken.incrementAndGet();
            }
        } else {
            awaitWaiters(memory, WORKERS - 1);
            for (int i = 1; i < WORKERS; i++) {
                int expected = i;
                mutex(memory).run(condition(memory)::signal);
                Eventually.assertThat(LONG, "one woke", () -> woken.get() == expected);
                assertEquals(WORKERS - 1 - i, condition(memory).waiters());
            }
            mutex(memory).run(condition(memory)::signal); // to none
        }
        meet(memory);
        assertEquals(WORKERS - 1, woken.get());
        return "";
    }

    /** The others have timed out before; and it is done twice. */
    private static String signalAll(SharedMemory memory, int worker) throws Exception {
        for (int i = 0; i < 2; i++) {
            if (worker == 0) {
                meet(memory);
                awaitWaiters(memory, WORKERS - 1);
                mutex(memory).run(condition(memory)::signalAll);
            } else {
                try (Hold hold = mutex(memory).acquire()) {
                    assertFalse(condition(memory).await(SHORT));
                }
                meet(memory);
                try (Hold hold = mutex(memory).acquire()) {
                    assertTrue(condition(memory).await(LONG) && hold.isValid());
                }
            }
            meet(memory);
            assertEquals(0, condition(memory).waiters());
            meet(memory);
        }
        return "";
    }

    /** None is shorter than requested, all forms refuse to work without the mutex, and an interrupt ends them. */
    private static String timeouts(SharedMemory memory) throws Exception {
        SharedCondition condition = condition(memory);
        assertThrows(IllegalMonitorStateException.class, condition::await);
        assertThrows(IllegalMonitorStateException.class, condition::awaitUninterruptibly);
        assertThrows(IllegalMonitorStateException.class, () -> condition.await(SHORT));
        assertThrows(IllegalMonitorStateException.class, condition::signal);
        assertThrows(IllegalMonitorStateException.class, condition::signalAll);
        FlavourWork.assertEndsByTimeAndInterrupt(wait -> {
            try (Hold hold = mutex(memory).acquire()) {
                return condition.await(wait);
            }
        });
        try (Hold hold = mutex(memory).acquire()) {
            long start = System.nanoTime();
            assertTrue(condition.awaitNanos(SHORT.toNanos()) <= 0);
            assertFalse(condition.await(SHORT.toMillis(), TimeUnit.MILLISECONDS));
            assertTrue(System.nanoTime() - start >= 2 * SHORT.toNanos());
            assertFalse(condition.awaitUntil(new Date(System.currentTimeMillis() + SHORT.toMillis())));
        }
        return "";
    }

    /** The workers take turns: each waits until the number is its own. */
    private static String state(SharedMemory memory, int worker, int times) throws Exception {
        SharedLong turn = memory.atomicLong("turn");
        for (int i = 0; i < times; i++) {
            try (Hold hold = mutex(memory).acquire()) {
                while (turn.get() % WORKERS != worker) {
                    assertTrue(condition(memory).await(LONG));
                }
                turn.incrementAndGet();
                condition(memory).signalAll();
            }
        }
        return "";
    }

    /** By the lock of the mutex: all its holds are released while it waits. */
    private static String lock(SharedMemory memory, int worker) throws Exception {
        Lock lock = mutex(memory).asLock();
        Condition condition = OF_LOCKS.computeIfAbsent(lock, Lock::newCondition);
        assertThrows(IllegalMonitorStateException.class, condition::signal);
        SharedCondition shared = mutex(memory).condition("mutex.condition-1");
        if (worker % 2 == 0) {
            lock.lock();
            lock.lock();
            if (worker == 0) {
                assertTrue(condition.awaitNanos(LONG.toNanos()) > 0);
            } else {
                condition.awaitUninterruptibly();
            }
            assertTrue(mutex(memory).isHeldByCurrentThread());
            lock.unlock();
            assertTrue(mutex(memory).isHeldByCurrentThread());
            lock.unlock();
            assertFalse(mutex(memory).isHeldByCurrentThread());
        } else if (worker == 1) {
            Eventually.assertThat(LONG, "two wait", () -> shared.waiters() == 2);
            lock.lock();
            condition.signalAll();
            lock.unlock();
        }
        meet(memory);
        return "";
    }

    private static String put(SharedMemory memory, int times) throws Exception {
        SharedLong items = memory.atomicLong("items");
        SharedMutex mutex = mutex(memory);
        for (int i = 0; i < times; i++) {
            try (Hold hold = mutex.acquire()) {
                while (items.get() == CAPACITY) {
                    assertTrue(mutex.condition("room").await(LONG));
                }
                assertTrue(items.incrementAndGet() <= CAPACITY);
                mutex.condition("filled").signal();
            }
        }
        return "";
    }

    private static String take(SharedMemory memory, int times) throws Exception {
        SharedLong items = memory.atomicLong("items");
        SharedMutex mutex = mutex(memory);
        for (int i = 0; i < times; i++) {
            try (Hold hold = mutex.acquire()) {
                while (items.get() == 0) {
                    assertTrue(mutex.condition("filled").await(LONG));
                }
                assertTrue(items.decrementAndGet() >= 0);
                mutex.condition("room").signal();
            }
        }
        return "";
    }
}
