package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Lock;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;

/**
 * Calls through two handles look as if they had been made one after another, as Lincheck judges it: it makes up the
 * scenarios, runs each many times on threads, and verifies the answers against the same class in one thread.
 *
 * <p>Its stress strategy alone: model checking has no hold on memory behind a {@link ByteBuffer}; the orders of the steps
 * are tried by the explorer of the protocols. On JDK 24 and later its agent prints what it cannot do there.
 *
 * <p>Only with {@code -Psoak}, in a JVM of its own: the agent changes every class in it. The plain build has
 * {@link LinearizabilityTest}.
 */
@EnabledForJreRange(max = JRE.JAVA_23)
class LinearizabilitySoak {
    private static final int ITERATIONS = 50;
    private static final int RUNS_OF_EACH = 1_000;

    // Lincheck makes a new object of the classes below before each run, by their constructors without arguments.
    private static SharedMemory memory;
    private static SharedMemory other;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("lincheck"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("lincheck"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private static SharedMemory handle(boolean first) {
        return first ? memory : other;
    }

    private static void check(Class<?> calls) {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(RUNS_OF_EACH)
                .threads(3)
                .actorsPerThread(3)
                .check(calls);
    }

    public static class Semaphore {
        public Semaphore() {
            SharedSemaphore semaphore = memory.semaphore("s", 2);
            while (semaphore.tryAcquire()) {
                // all that are left of the run before
            }
            semaphore.release(2);
        }

        @Operation
        public boolean take(boolean first) {
            return handle(first).semaphore("s", 2).tryAcquire();
        }

        @Operation
        public void give(boolean first) {
            handle(first).semaphore("s", 2).release();
        }

        @Operation
        public int free() {
            return memory.semaphore("s", 2).availablePermits();
        }
    }

    @Test
    void semaphore_isLinearizable() {
        check(Semaphore.class);
    }

    /** A permit for each thread's field: a thread that has one does not acquire another. */
    public static class Leases {
        private static final AtomicReferenceArray<Lease> HELD = new AtomicReferenceArray<>(2);

        public Leases() {
            for (int i = 0; i < HELD.length(); i++) {
                giveBack(i);
            }
        }

        private static boolean giveBack(int place) {
            Lease lease = HELD.getAndSet(place, null);
            if (lease != null) {
                lease.close();
            }
            return lease != null;
        }

        @Operation(nonParallelGroup = "first")
        public boolean takeFirst() {
            return take(0, memory);
        }

        @Operation(nonParallelGroup = "first")
        public boolean giveFirst() {
            return giveBack(0);
        }

        @Operation(nonParallelGroup = "second")
        public boolean takeSecond() {
            return take(1, other);
        }

        @Operation(nonParallelGroup = "second")
        public boolean giveSecond() {
            return giveBack(1);
        }

        private static boolean take(int place, SharedMemory handle) {
            if (HELD.get(place) != null) {
                return false;
            }
            Lease lease = handle.leasedSemaphore("l", 1).tryAcquire();
            HELD.set(place, lease);
            return lease != null;
        }
    }

    @Test
    void leases_areLinearizable() {
        check(Leases.class);
    }

    /** One producer and one consumer, since there are fewer cells than items: see {@link LinearizabilityTest}. */
    public static class Buffer {
        public Buffer() {
            while (memory.boundedBuffer("b", 2, 4).poll() != null) {
                // all that are left of the run before
            }
        }

        @Operation(nonParallelGroup = "producers")
        public boolean offer(int item) {
            return memory.boundedBuffer("b", 2, 4)
                    .offer(ByteBuffer.allocate(Integer.BYTES).putInt(item).array());
        }

        @Operation(nonParallelGroup = "consumers")
        public Integer poll() {
            byte[] item = other.boundedBuffer("b", 2, 4).poll();
            return item == null ? null : ByteBuffer.wrap(item).getInt();
        }
    }

    @Test
    void buffer_oneToOne_isLinearizable() {
        check(Buffer.class);
    }

    /** Two steps, of which the first alone would be seen. */
    private static long increment() {
        SharedLong count = memory.atomicLong("count");
        long old = count.get();
        Thread.yield();
        count.set(old + 1);
        return old + 1;
    }

    public static class Guarded {
        public Guarded() {
            memory.atomicLong("count").set(0);
        }

        @Operation
        public long increment(boolean first) {
            Lock lock = handle(first).mutex("m").asLock();
            lock.lock();
            try {
                return LinearizabilitySoak.increment();
            } finally {
                lock.unlock();
            }
        }
    }

    @Test
    void mutex_makesTwoStepsAtomic() {
        check(Guarded.class);
    }

    public static class Unguarded {
        public Unguarded() {
            memory.atomicLong("count").set(0);
        }

        @Operation
        public long increment() {
            return LinearizabilitySoak.increment();
        }
    }

    @Test
    void search_withoutMutex_findsViolation() {
        assertThrows(LincheckAssertionError.class, () -> check(Unguarded.class));
    }
}
