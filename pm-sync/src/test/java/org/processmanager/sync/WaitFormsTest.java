package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** What ends a wait, for every object on which threads wait until another one acts. */
class WaitFormsTest {
    /** An object on which a wait does not end by itself. */
    enum Waits {
        /** Until the buffer is empty: the first wait puts the item that is in it. */
        BUFFER_JOIN {
            private SharedBoundedBuffer buffer(SharedMemory memory) {
                SharedBoundedBuffer buffer = memory.boundedBuffer("o", 1, 1);
                if (memory.atomicBoolean("put").compareAndSet(false, true)) {
                    buffer.offer(new byte[1]);
                }
                return buffer;
            }

            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return buffer(memory).join(wait);
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                buffer(memory).joinUninterruptibly();
            }

            @Override
            void open(SharedMemory memory) {
                buffer(memory).clear();
            }
        },
        EVENT {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.event("o").await(wait);
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.event("o").awaitUninterruptibly();
            }

            @Override
            void open(SharedMemory memory) {
                memory.event("o").set();
            }
        },
        AUTO_RESET_EVENT {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.autoResetEvent("o").await(wait);
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.autoResetEvent("o").awaitUninterruptibly();
            }

            @Override
            void open(SharedMemory memory) {
                memory.autoResetEvent("o").set();
            }
        },
        LATCH {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.latch("o", 1).await(wait);
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.latch("o", 1).awaitUninterruptibly();
            }

            @Override
            void open(SharedMemory memory) {
                memory.latch("o", 1).countDown();
            }
        },
        OWNED_LATCH {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.ownedLatch("o", 1).await(wait);
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.ownedLatch("o", 1).awaitUninterruptibly();
            }

            @Override
            void open(SharedMemory memory) {
                memory.ownedLatch("o", 1).register().countDown();
            }
        },
        FAIR_SEMAPHORE {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.fairSemaphore("o", 0).tryAcquire(wait);
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.fairSemaphore("o", 0).acquireUninterruptibly();
            }

            @Override
            void open(SharedMemory memory) {
                memory.fairSemaphore("o", 0).release();
            }
        },
        CONDITION {
            private SharedCondition of(SharedMemory memory) {
                return memory.mutex("mutex").condition("o");
            }

            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                try (Hold hold = memory.mutex("mutex").acquire()) {
                    return of(memory).await(wait);
                }
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                try (Hold hold = memory.mutex("mutex").acquireUninterruptibly()) {
                    of(memory).awaitUninterruptibly();
                    assertTrue(hold.isValid());
                }
            }

            @Override
            void open(SharedMemory memory) {
                try (Hold hold = memory.mutex("mutex").acquireUninterruptibly()) {
                    of(memory).signal();
                }
            }
        },
        CONDITION_OF_LOCK {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                Lock lock = memory.mutex("o").asLock();
                Condition condition = lock.newCondition();
                lock.lockInterruptibly();
                try {
                    return condition.await(wait.toNanos(), TimeUnit.NANOSECONDS);
                } finally {
                    lock.unlock();
                }
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                Lock lock = memory.mutex("o").asLock();
                Condition condition = lock.newCondition();
                lock.lock();
                try {
                    condition.awaitUninterruptibly();
                } finally {
                    lock.unlock();
                }
            }

            @Override
            void open(SharedMemory memory) {
                SharedMutex mutex = memory.mutex("o");
                mutex.asLock().lock();
                for (RegionSnapshot.NamedObject object : memory.snapshot().objects()) {
                    if (object.type().equals("condition")) {
                        mutex.condition(object.name()).signalAll();
                    }
                }
                mutex.asLock().unlock();
            }
        },
        LONG_VALUE {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.atomicLong("o").awaitChange(0, wait) != 0;
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.atomicLong("o").awaitChangeUninterruptibly(0);
            }

            @Override
            void open(SharedMemory memory) {
                memory.atomicLong("o").incrementAndGet();
            }
        },
        INT_VALUE {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.atomicInt("o").awaitChange(0, wait) != 0;
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.atomicInt("o").awaitChangeUninterruptibly(0);
            }

            @Override
            void open(SharedMemory memory) {
                memory.atomicInt("o").set(-1);
            }
        },
        BOOLEAN_VALUE {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.atomicBoolean("o").awaitChange(false, wait) != false;
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.atomicBoolean("o").awaitChangeUninterruptibly(false);
            }

            @Override
            void open(SharedMemory memory) {
                memory.atomicBoolean("o").compareAndSet(false, true);
            }
        },
        BYTES_VALUE {
            @Override
            boolean await(SharedMemory memory, Duration wait) throws InterruptedException {
                return memory.atomicBytes("o", 8).awaitChange(0, wait) != 0;
            }

            @Override
            void awaitUninterruptibly(SharedMemory memory) {
                memory.atomicBytes("o", 8).awaitChangeUninterruptibly(0);
            }

            @Override
            void open(SharedMemory memory) {
                memory.atomicBytes("o", 8).set(new byte[0]);
            }
        };

        abstract boolean await(SharedMemory memory, Duration wait) throws InterruptedException;

        abstract void awaitUninterruptibly(SharedMemory memory);

        /** Lets a waiting thread pass. */
        abstract void open(SharedMemory memory);
    }

    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("w"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("w"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private Running<Boolean> waiting(Waits object) {
        Callable<Boolean> wait = () -> object.await(memory, LONG);
        return Threads.start(wait).awaitAsleep();
    }

    @ParameterizedTest
    @EnumSource
    void wait_endsWhenAnotherHandleOpens(Waits object) {
        Running<Boolean> waiter = waiting(object);
        object.open(other);
        assertTrue(waiter.result());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "CONDITION.*") // they remember no signal
    void wait_whenOpen_doesNotBlock(Waits object) throws InterruptedException {
        object.open(other);
        assertTrue(object.await(memory, Duration.ZERO));
    }

    @ParameterizedTest
    @EnumSource
    void wait_withTimeout_lastsThatLong(Waits object) throws InterruptedException {
        assertFalse(object.await(memory, Duration.ZERO));
        assertFalse(object.await(memory, Duration.ofDays(-1)));
        long start = System.nanoTime();
        assertFalse(object.await(memory, SHORT));
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
    }

    @ParameterizedTest
    @EnumSource
    void wait_whenInterrupted_throws(Waits object) {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> object.await(memory, LONG));
        Running<Boolean> waiter = waiting(object);
        waiter.thread().interrupt();
        assertInstanceOf(InterruptedException.class, waiter.failure());
    }

    @ParameterizedTest
    @EnumSource
    void wait_uninterruptible_keepsInterrupt(Waits object) {
        Running<Boolean> waiter = Threads.start(() -> {
                    object.awaitUninterruptibly(memory);
                    return Thread.interrupted();
                })
                .awaitAsleep();
        waiter.thread().interrupt();
        object.open(other);
        assertTrue(waiter.result());
    }

    @ParameterizedTest
    @EnumSource
    void wait_endsWithItsHandle(Waits object) {
        Running<Boolean> waiter = waiting(object);
        memory.close();
        assertInstanceOf(IllegalStateException.class, waiter.failure());
    }

    @ParameterizedTest
    @EnumSource
    void wait_endsWithTheObject(Waits object) {
        Running<Boolean> waiter = waiting(object);
        assertTrue(other.remove("o"));
        assertEquals(RegionException.Reason.REMOVED, reason(waiter));
    }

    @ParameterizedTest
    @EnumSource
    void wait_endsWithTheRegion(Waits object) {
        Running<Boolean> waiter = waiting(object);
        other.delete();
        assertEquals(RegionException.Reason.DELETED, reason(waiter));
    }

    private static RegionException.Reason reason(Running<Boolean> waiter) {
        return assertInstanceOf(RegionException.class, waiter.failure()).reason();
    }

    @ParameterizedTest
    @EnumSource
    void wait_isCountedInTheSnapshot(Waits object) {
        Running<Boolean> waiter = waiting(object);
        assertEquals(1, waiters());
        object.open(other);
        assertTrue(waiter.result());
        assertEquals(0, waiters());
    }

    private int waiters() {
        return other.snapshot().objects().stream()
                .mapToInt(RegionSnapshot.NamedObject::waiters)
                .sum();
    }

    @ParameterizedTest
    @EnumSource
    @Scenario("public-platform/2")
    void wait_withTheSmallestStack_works(Waits object) throws Exception {
        FutureTask<Boolean> wait = new FutureTask<>(() -> object.await(memory, LONG));
        Thread thread = new Thread(null, wait, "small", 1);
        thread.setDaemon(true);
        thread.start();
        new Running<>(thread, wait).awaitAsleep();
        object.open(other);
        assertTrue(wait.get());
    }
}
