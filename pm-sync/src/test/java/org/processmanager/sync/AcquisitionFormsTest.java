package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Forms of acquiring beside {@code acquire()}: uninterruptible, around an action, of all permits. */
class AcquisitionFormsTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMutex mutex;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1));
        mutex = memory.mutex("mutex");
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void mutex_acquiredUninterruptibly_keepsInterrupt() throws InterruptedException {
        Hold held = mutex.acquire();
        Running<Boolean> waiter = Threads.start(() -> {
                    Thread.currentThread().interrupt();
                    try (Hold hold = mutex.acquireUninterruptibly()) {
                        return hold.isValid() && Thread.interrupted();
                    }
                })
                .awaitAsleep();
        waiter.thread().interrupt();
        held.close();
        assertTrue(waiter.result());
    }

    @Test
    void semaphore_acquiredUninterruptibly_keepsInterrupt() {
        SharedSemaphore semaphore = memory.semaphore("semaphore", 0);
        Running<Boolean> waiter = Threads.start(() -> {
                    semaphore.acquireUninterruptibly();
                    return Thread.interrupted();
                })
                .awaitAsleep();
        waiter.thread().interrupt();
        semaphore.release();
        assertTrue(waiter.result());
        assertEquals(0, semaphore.availablePermits());
    }

    @Test
    void run_holdsTheMutexDuringTheAction() throws InterruptedException {
        boolean[] held = new boolean[1];
        mutex.run(() -> held[0] = mutex.isHeldByCurrentThread());
        assertTrue(held[0]);
        assertFalse(mutex.isHeldByCurrentThread());
        assertThrows(
                ArithmeticException.class,
                () -> mutex.run(() -> {
                    throw new ArithmeticException();
                }));
        assertEquals("free", mutex.snapshot().state());
    }

    @Test
    void call_returnsTheResultOrThrows() throws Exception {
        assertEquals("held", mutex.call(() -> mutex.snapshot().state()));
        assertThrows(
                IOException.class,
                () -> mutex.call(() -> {
                    throw new IOException();
                }));
        assertEquals("free", mutex.snapshot().state());
    }

    @Test
    void run_whenInterrupted_doesNotRunTheAction() {
        boolean[] ran = new boolean[1];
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> mutex.run(() -> ran[0] = true));
        assertFalse(ran[0]);
    }

    @Test
    void run_afterOwnerDeath_canMarkConsistent() throws Exception {
        Thread owner = new Thread(() -> mutex.asLock().lock());
        owner.start();
        owner.join();
        mutex.run(() -> {
            assertTrue(mutex.previousOwnerDied());
            mutex.markConsistent();
        });
        mutex.run(() -> assertFalse(mutex.previousOwnerDied()));
    }

    @Test
    void drainPermits_takesAll() {
        SharedSemaphore semaphore = memory.semaphore("semaphore", 5);
        assertTrue(semaphore.tryAcquire());
        assertEquals(4, semaphore.drainPermits());
        assertEquals(0, semaphore.drainPermits());
        assertFalse(semaphore.tryAcquire());
        semaphore.release(2);
        assertEquals(2, semaphore.drainPermits());
        memory.close();
        assertThrows(IllegalStateException.class, semaphore::drainPermits);
    }

    @Test
    void drainPermits_leavesWaitersAsleepUntilARelease() {
        SharedSemaphore semaphore = memory.semaphore("semaphore", 0);
        Running<Boolean> waiter = Threads.start(() -> {
                    semaphore.acquire();
                    return true;
                })
                .awaitAsleep();
        semaphore.drainPermits();
        semaphore.release();
        assertTrue(waiter.result());
    }
}
