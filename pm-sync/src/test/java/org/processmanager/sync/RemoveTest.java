package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.Threads.Running;

/** Objects that are removed while handles have them: {@code one} removes, {@code two} is another participant. */
class RemoveTest {
    private static final long BYTES = SharedMemory.megabytes(1);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path path;
    private SharedMemory one;
    private SharedMemory two;

    @BeforeEach
    void open() {
        path = tmp.path("region");
        one = SharedMemory.create(path, BYTES);
        two = SharedMemory.open(path);
    }

    @AfterEach
    void close() {
        two.close();
        one.close();
    }

    private static void assertRemoved(Executable use) {
        RegionException e = assertThrows(RegionException.class, use);
        assertEquals(Reason.REMOVED, e.reason(), e.getMessage());
        assertTrue(e.getMessage().contains("'x'"), e.getMessage());
    }

    private List<String> names() {
        return SharedMemory.snapshot(path).objects().stream()
                .map(RegionSnapshot.NamedObject::name)
                .toList();
    }

    @Test
    void remove_returnsWhetherItExisted() {
        assertFalse(one.remove("x"));
        one.mutex("x");
        assertTrue(two.remove("x"), "any handle may remove it");
        assertFalse(one.remove("x"));
        assertEquals(List.of(), names());
        assertThrows(IllegalArgumentException.class, () -> one.remove("a/b"));
        one.close();
        assertThrows(IllegalStateException.class, () -> one.remove("x"));
    }

    @Test
    void name_afterRemove_isFreeForOtherType() {
        SharedSemaphore old = two.semaphore("x", 3);
        one.remove("x");
        SharedBoundedBuffer buffer = one.boundedBuffer("x", 4, 8);
        assertTrue(buffer.offer(new byte[] {7}));
        assertEquals(1, two.boundedBuffer("x", 4, 8).size(), "also in the handle that had the old one");
        assertRemoved(old::acquire);
        one.remove("x");
        assertEquals(9, two.semaphore("x", 9).availablePermits(), "another shape");
        assertEquals(9, one.semaphore("x", 9).availablePermits());
        assertEquals(List.of("x"), names());
    }

    @Test
    void removedObject_refusesEveryUse() throws Exception {
        for (SharedMemory remover : List.of(one, two)) {
            SharedMutex mutex = one.mutex("x");
            mutex.acquire().close(); // now the fast path knows the word
            remover.remove("x");
            assertRemoved(mutex::acquire);
            assertRemoved(mutex::tryAcquire);
            assertRemoved(() -> mutex.asLock().lock());
            assertRemoved(mutex::snapshot);

            SharedSemaphore semaphore = one.semaphore("x", 1);
            remover.remove("x");
            assertRemoved(semaphore::acquire);
            assertRemoved(semaphore::tryAcquire);
            assertRemoved(semaphore::release);
            assertRemoved(semaphore::availablePermits);

            LeasedSemaphore leased = one.leasedSemaphore("x", 1);
            remover.remove("x");
            assertRemoved(leased::acquire);
            assertRemoved(leased::tryAcquire);
            assertRemoved(leased::availablePermits);

            SharedBoundedBuffer buffer = one.boundedBuffer("x", 2, 8);
            buffer.put(new byte[1]);
            remover.remove("x");
            assertRemoved(() -> buffer.put(new byte[1]));
            assertRemoved(() -> buffer.offer(new byte[1]));
            assertRemoved(buffer::take);
            assertRemoved(buffer::poll);
            assertRemoved(buffer::size);

            SharedLong number = one.atomicLong("x");
            remover.remove("x");
            assertRemoved(number::get);
            assertRemoved(() -> number.set(1));
            assertRemoved(() -> number.addAndGet(1));
            assertRemoved(() -> number.compareAndSet(0, 1));
        }
    }

    @Test
    void waiters_ofRemovedObject_throw() throws InterruptedException {
        SharedMutex mutex = one.mutex("x");
        Hold hold = mutex.acquire();
        assertReturns(Stream.of(one, one, two).map(memory -> Threads.start(memory.mutex("x")::acquire)));
        hold.close();

        one.semaphore("x", 0);
        assertReturns(Stream.of(one, one, two)
                .map(memory -> Threads.start(() -> {
                    memory.semaphore("x", 0).acquire();
                    return null;
                })));

        Lease lease = one.leasedSemaphore("x", 1).acquire();
        assertReturns(Stream.of(one, one, two).map(memory -> Threads.start(memory.leasedSemaphore("x", 1)::acquire)));
        lease.close();

        one.boundedBuffer("x", 1, 8).put(new byte[1]);
        assertReturns(Stream.of(one, two)
                .map(memory -> Threads.start(() -> {
                    memory.boundedBuffer("x", 1, 8).put(new byte[1]);
                    return null;
                })));

        one.boundedBuffer("x", 1, 8);
        assertReturns(Stream.of(one, two).map(memory -> Threads.start(memory.boundedBuffer("x", 1, 8)::take)));
    }

    /** Asleep first, all of them; then the object is removed. */
    private void assertReturns(Stream<Running<?>> started) {
        List<Running<?>> waiters = started.toList();
        waiters.forEach(Running::awaitAsleep);
        assertTrue(one.remove("x"));
        for (Running<?> waiter : waiters) {
            Throwable failure = waiter.failure();
            assertTrue(failure instanceof RegionException, "" + failure);
            assertEquals(Reason.REMOVED, ((RegionException) failure).reason());
        }
    }

    @Test
    void holds_ofRemovedObject_areInvalid() throws InterruptedException {
        Hold hold = one.mutex("x").acquire();
        two.remove("x");
        Lease lease = one.leasedSemaphore("x", 1).acquire();
        Hold next = assertHeld(two, "y");
        two.remove("x");
        assertFalse(hold.isValid());
        assertFalse(lease.isValid());
        hold.close();
        lease.close();
        assertTrue(next.isValid(), "the others are not concerned");
        next.close();
    }

    private static Hold assertHeld(SharedMemory memory, String name) {
        Hold hold = memory.mutex(name).tryAcquire();
        assertNotNull(hold);
        return hold;
    }

    @Test
    void room_afterLastUserClosed_isReused() {
        long free = SharedMemory.snapshot(path).freeBytes();
        SharedBoundedBuffer old = two.boundedBuffer("x", 1, (int) free / 2);
        one.remove("x");
        RegionException e = assertThrows(RegionException.class, () -> one.boundedBuffer("y", 1, (int) free * 3 / 4));
        assertEquals(Reason.FULL, e.reason());
        assertTrue(e.getMessage().contains("1 removed objects may still be in use"), e.getMessage());
        assertTrue(SharedMemory.snapshot(path).freeBytes() < free);
        two.close();
        one.close();
        one = SharedMemory.open(path);
        assertEquals(free, SharedMemory.snapshot(path).freeBytes(), "a new handle cannot use the removed object");
        assertEquals(0, one.boundedBuffer("y", 1, (int) free * 3 / 4).size());
        assertThrows(IllegalStateException.class, old::poll);
    }

    @Test
    void room_betweenObjects_isReused() {
        one.boundedBuffer("a", 1, 1000);
        one.boundedBuffer("x", 1, 5000);
        one.boundedBuffer("b", 1, 1000);
        assertTrue(two.boundedBuffer("b", 1, 1000).offer(new byte[] {5}));
        long free = SharedMemory.snapshot(path).freeBytes();
        one.remove("x");
        two.close();
        one.close();
        one = SharedMemory.open(path);
        one.boundedBuffer("c", 1, 3000);
        one.boundedBuffer("d", 1, 1000);
        one.boundedBuffer("e", 1, 5000);
        assertEquals(List.of("a", "c", "b", "d", "e"), names(), "in the order of their entries");
        assertTrue(SharedMemory.snapshot(path).freeBytes() > free - 6000, "c and d lie where x lay");
        assertEquals(1, one.boundedBuffer("b", 1, 1000).size(), "untouched");
        assertEquals(0, one.boundedBuffer("c", 1, 3000).size(), "zeroed");
    }

    @Test
    void entries_areReused() {
        one.close();
        two.close();
        for (int opened = 0; opened < 30; opened++) { // together more objects than there are entries
            try (SharedMemory memory = SharedMemory.open(path)) {
                for (int i = 0; i < 20; i++) {
                    assertEquals(0, memory.atomicLong("x" + i).get());
                    memory.atomicLong("x" + i).set(i + 1);
                    assertTrue(memory.remove("x" + i));
                }
            }
        }
        assertEquals(List.of(), names());
    }

    /** Two Java objects of one mutex would not know of each other which thread owns it. */
    @Test
    void object_whileOthersAreRemoved_hasOneHandle() {
        AtomicBoolean stop = new AtomicBoolean();
        Running<Void> opener = Threads.start(() -> {
            while (!stop.get()) {
                try {
                    one.mutex("x");
                } catch (RegionException e) {
                    assertEquals(Reason.REMOVED, e.reason());
                }
            }
            return null;
        });
        for (int i = 0; i < 100; i++) { // fewer than there are entries
            SharedMutex mutex = one.mutex("x");
            for (int look = 0; look < 10; look++) {
                assertSame(mutex, one.mutex("x"));
            }
            assertTrue(one.remove("x"));
        }
        stop.set(true);
        opener.result();
    }

    @Test
    void open_whileRemoving_opensOrThrows() {
        int rounds = 150;
        Threads.runAll(4, number -> {
            SharedMemory memory = number % 2 == 0 ? one : two;
            for (int i = 0; i < rounds; i++) {
                try {
                    if (number < 2) {
                        memory.remove("x");
                    } else if (i % 2 == 0) {
                        memory.semaphore("x", 1).release();
                    } else {
                        memory.semaphore("x", 1).tryAcquire();
                    }
                } catch (RegionException e) {
                    // entries and room of the removed cannot be used again while both handles are open
                    assertTrue(e.reason() == Reason.REMOVED || e.reason() == Reason.FULL, e.toString());
                }
                if (i % 5 == number) {
                    SharedMemory.snapshot(path);
                }
            }
        });
    }
}
