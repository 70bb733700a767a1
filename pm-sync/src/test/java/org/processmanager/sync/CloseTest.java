package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Closing a handle that other threads use: they get an exception, and the JVM survives. */
class CloseTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory open() {
        return SharedMemory.openOrCreate(tmp.name("c"), SharedMemory.megabytes(1));
    }

    @Test
    @Scenario("sync/12")
    @Scenario("research-sync/38")
    void close_withWaiters_endsAllWaits() throws InterruptedException {
        int rounds = Soak.scaled(1000, 4);
        try (SharedMemory holder = open()) {
            Hold held = holder.mutex("mutex").acquire();
            Lease lease = holder.leasedSemaphore("leased", 1).acquire();
            for (int round = 0; round < rounds; round++) {
                SharedMemory memory = open();
                List<Running<Void>> waiters = Threads.startAll(100, number -> waitFor(memory, number));
                if (round % 2 == 0) {
                    waiters.forEach(Running::awaitAsleep);
                }
                memory.close();
                for (Running<Void> waiter : waiters) {
                    assertInstanceOf(IllegalStateException.class, waiter.failure());
                }
                assertTrue(held.isValid() && lease.isValid());
            }
            held.close();
            lease.close();
            assertEquals(1, holder.leasedSemaphore("leased", 1).availablePermits());
            assertEquals(0, holder.semaphore("semaphore", 0).availablePermits());
        }
    }

    private static void waitFor(SharedMemory memory, int number) throws InterruptedException {
        switch (number % 12) {
            case 0 -> memory.mutex("mutex").acquire();
            case 1 -> memory.mutex("mutex").tryAcquire(LONG);
            case 2 -> memory.semaphore("semaphore", 0).acquire();
            case 3 -> memory.semaphore("semaphore", 0).tryAcquire(LONG);
            case 4 -> memory.boundedBuffer("buffer", 4, 4).take();
            case 5 -> memory.leasedSemaphore("leased", 1).acquire();
            case 6 -> memory.leasedSemaphore("leased", 1).tryAcquire(LONG);
            case 7, 8 -> {
                SharedMutex mutex = memory.mutex("free");
                try (Hold hold = mutex.acquire()) {
                    mutex.condition("condition").await();
                }
            }
            case 9 -> memory.atomicInt("value").awaitChange(0);
            case 10 -> memory.atomicBytes("bytes", 8).awaitChange(0, LONG);
            default -> memory.boundedBuffer("buffer", 4, 4).poll(LONG);
        }
    }

    @Test
    @Scenario("sync/12")
    void close_whileThreadsWork_neverCrashes() {
        int rounds = Soak.scaled(1000, 12);
        for (int round = 0; round < rounds; round++) {
            SharedMemory memory = open();
            AtomicInteger atWork = new AtomicInteger();
            List<Running<Void>> workers = Threads.startAll(6, number -> work(memory, number, atWork));
            Eventually.assertThat(LONG, "all are at work", () -> atWork.get() == 6);
            memory.delete(); // with the permits that its users are about to take with them
            memory.close();
            for (Running<Void> worker : workers) {
                Throwable e = worker.failure();
                assertTrue(e instanceof IllegalStateException || e instanceof RegionException, "" + e);
            }
        }
    }

    private static void work(SharedMemory memory, int number, AtomicInteger atWork) throws InterruptedException {
        SharedLong counter = memory.atomicLong("counter");
        SharedMutex mutex = memory.mutex("mutex" + number % 2);
        SharedSemaphore semaphore = memory.semaphore("permits", 2);
        LeasedSemaphore leased = memory.leasedSemaphore("leases", 2);
        SharedBoundedBuffer buffer = memory.boundedBuffer("items", 4, 64);
        SharedBytes value = memory.atomicBytes("value", 64);
        SharedLongArray numbers = memory.longs("numbers", 8);
        SharedByteArray bytes = memory.bytes("bytes", 64);
        byte[] item = new byte[64];
        for (long i = 0; ; i++) {
            if (i == 10) {
                atWork.incrementAndGet();
            }
            switch (number % 3) {
                case 0 -> {
                    counter.compareAndSet(counter.get(), i);
                    value.set(value.get());
                    numbers.incrementAndGet((int) i % 8);
                    bytes.put(0, item);
                }
                case 1 -> {
                    semaphore.acquire();
                    try (Lease lease = leased.acquire();
                            Hold hold = mutex.acquire()) {
                        counter.set(lease.fencingToken());
                        hold.markConsistent();
                    }
                    semaphore.release();
                }
                default -> {
                    if (!buffer.offer(item)) {
                        buffer.poll();
                    }
                }
            }
        }
    }

    @Test
    void close_withHolds_releasesThemAsAfterDeath() throws InterruptedException {
        try (SharedMemory other = open()) {
            SharedMemory memory = open();
            Hold hold = memory.mutex("mutex").acquire();
            Lock lock = memory.mutex("lock").asLock();
            lock.lock();
            Lease lease = memory.leasedSemaphore("leased", 1).acquire();
            SharedSemaphore semaphore = memory.semaphore("semaphore", 2);
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 4, 4);
            buffer.put(new byte[] {7});
            UnackedItem item = buffer.takeUnacked();
            memory.close();
            for (Executable late : List.<Executable>of(
                    hold::close,
                    lock::unlock,
                    lease::close,
                    item::ack,
                    semaphore::release,
                    () -> memory.mutex("mutex").tryAcquire(),
                    () -> buffer.offer(new byte[1]))) {
                assertThrows(IllegalStateException.class, late);
            }
            assertDoesNotThrow(lease::close, "closing again does nothing");

            for (String name : List.of("mutex", "lock")) {
                try (Hold next = other.mutex(name).acquire()) {
                    assertTrue(next.previousOwnerDied(), name);
                    next.markConsistent();
                }
            }
            try (Lease next = other.leasedSemaphore("leased", 1).tryAcquire(LONG)) {
                assertNotNull(next);
            }
            assertEquals(1, other.leasedSemaphore("leased", 1).snapshot().deathsRepaired());
            assertEquals(2, other.semaphore("semaphore", 2).availablePermits());
            try (UnackedItem again = other.boundedBuffer("buffer", 4, 4).pollUnacked(LONG)) {
                assertNotNull(again);
                assertTrue(again.redelivered());
                again.ack();
            }
            assertEquals(0, other.boundedBuffer("buffer", 4, 4).size());
        }
    }

    @Test
    void close_ofManyHandles_freesAddressRanges() {
        try (SharedMemory first = open()) {
            for (int i = 0; i < Soak.scaled(20_000, 100); i++) {
                open().close();
            }
            first.atomicLong("x").set(1);
        }
    }
}
