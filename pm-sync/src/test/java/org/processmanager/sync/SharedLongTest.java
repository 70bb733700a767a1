package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Tmp;

/** Its methods have the results of those of {@link AtomicLong}. */
class SharedLongTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void methods_returnWhatAtomicLongReturns() {
        AtomicLong expected = new AtomicLong();
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1))) {
            SharedLong number = memory.atomicLong("number");
            assertEquals(expected.getAndIncrement(), number.getAndIncrement());
            assertEquals(expected.incrementAndGet(), number.incrementAndGet());
            assertEquals(expected.getAndAdd(40), number.getAndAdd(40));
            assertEquals(expected.addAndGet(Long.MAX_VALUE), number.addAndGet(Long.MAX_VALUE));
            assertEquals(expected.getAndDecrement(), number.getAndDecrement());
            assertEquals(expected.decrementAndGet(), number.decrementAndGet());
            assertEquals(expected.getAndSet(7), number.getAndSet(7));
            assertEquals(expected.getAndUpdate(x -> x * 3), number.getAndUpdate(x -> x * 3));
            assertEquals(expected.updateAndGet(x -> x - 1), number.updateAndGet(x -> x - 1));
            assertEquals(expected.getAndAccumulate(5, Math::max), number.getAndAccumulate(5, Math::max));
            assertEquals(expected.accumulateAndGet(5, Long::sum), number.accumulateAndGet(5, Long::sum));
            assertEquals(expected.get(), number.get());
            assertTrue(number.compareAndSet(expected.get(), -1));
            assertFalse(number.compareAndSet(expected.get(), 1));
            assertEquals(-1, number.compareAndExchange(0, 1));
            assertEquals(-1, number.compareAndExchange(-1, 1));
            number.lazySet(2);
            assertEquals(2, number.get());
            assertEquals("2", number.snapshot().state());
        }
    }

    @Test
    void updates_byManyThreads_areAllCounted() {
        int threads = 4;
        int each = 2_000;
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1))) {
            SharedLong number = memory.atomicLong("number");
            List<ToLongFunction<SharedLong>> ways = List.of(
                    SharedLong::incrementAndGet,
                    SharedLong::getAndIncrement,
                    n -> n.updateAndGet(x -> x + 1),
                    n -> n.accumulateAndGet(1, Long::sum));
            Threads.runAll(threads, thread -> {
                for (int i = 0; i < each; i++) {
                    ways.get(thread).applyAsLong(number);
                }
            });
            assertEquals((long) threads * each, number.get());
        }
    }

    @Test
    void operations_afterClose_throw() {
        SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1));
        SharedLong number = memory.atomicLong("number");
        memory.close();
        for (Executable late : List.<Executable>of(
                number::get,
                () -> number.set(1),
                () -> number.lazySet(1),
                () -> number.getAndSet(1),
                () -> number.compareAndSet(0, 1),
                () -> number.compareAndExchange(0, 1),
                number::incrementAndGet,
                number::getAndDecrement,
                () -> number.updateAndGet(x -> x),
                () -> number.getAndAccumulate(1, Long::sum))) {
            assertThrows(IllegalStateException.class, late);
        }
    }
}
