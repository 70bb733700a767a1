package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.processmanager.fixtures.Eventually;
import org.processmanager.sync.Threads.Running;

/** What one worker of {@link FlavoursIT} does, be it a thread or a process. */
final class FlavourWork {
    static final Duration LONG = Duration.ofSeconds(60);
    static final Duration SHORT = Duration.ofMillis(20);
    static final int WORKERS = 4;
    static final int PERMITS = 3;
    static final int CELLS = 5;

    private FlavourWork() {}

    /** What a worker does, with its number and how often; returns what came out. */
    interface Task {
        String run(SharedMemory memory, int worker, int times) throws Exception;
    }

    private static final Map<String, Task> TASKS = new HashMap<>();

    static {
        TASKS.put("mutex", (memory, worker, times) -> mutex(memory, times));
        TASKS.put("nested", (memory, worker, times) -> nested(memory, times));
        TASKS.put("leases", (memory, worker, times) -> leases(memory, times));
        TASKS.put("fair", (memory, worker, times) -> fair(memory, times / 10));
        TASKS.put("signal", (memory, worker, times) -> signal(memory, times));
        TASKS.put("await", (memory, worker, times) -> await(memory, times));
        TASKS.put("put", FlavourWork::put);
        TASKS.put("take", (memory, worker, times) -> take(memory, times));
        TASKS.put("timeouts", (memory, worker, times) -> timeouts(memory));
        BarrierWork.addTo(TASKS);
        ConditionWork.addTo(TASKS);
        EventWork.addTo(TASKS);
        LatchWork.addTo(TASKS);
        ReadWriteWork.addTo(TASKS);
        ValueWork.addTo(TASKS);
    }

    /** Does one task so many times; what came out. */
    static String run(SharedMemory memory, String task, int worker, int times) throws Exception {
        return TASKS.get(task).run(memory, worker, times);
    }

    /** Lets all workers of a test continue together. */
    static void meet(SharedMemory memory) throws Exception {
        memory.barrier("meeting", WORKERS).await(LONG);
    }

    /** Waits until so many threads wait for an object. */
    static void awaitWaiters(int count, Supplier<RegionSnapshot.NamedObject> snapshot) {
        Eventually.assertThat(LONG, count + " wait", () -> snapshot.get().waiters() == count);
    }

    interface Wait {
        boolean run(Duration wait) throws InterruptedException;
    }

    /** A wait for what does not come: it is as long as requested, and an interrupt ends it. */
    static void assertEndsByTimeAndInterrupt(Wait wait) throws InterruptedException {
        assertFalse(wait.run(Duration.ZERO));
        assertFalse(wait.run(Duration.ofDays(-1)));
        long start = System.nanoTime();
        assertFalse(wait.run(SHORT));
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        Running<Boolean> waiter = Threads.start(() -> wait.run(LONG)).awaitAsleep();
        waiter.thread().interrupt();
        assertInstanceOf(InterruptedException.class, waiter.failure());
    }

    private static String mutex(SharedMemory memory, int times) throws InterruptedException {
        SharedLong number = memory.atomicLong("number");
        for (int i = 0; i < times; i++) {
            try (Hold hold = memory.mutex("mutex").acquire()) {
                number.set(number.get() + 1);
            }
        }
        return "";
    }

    private static String nested(SharedMemory memory, int times) throws InterruptedException {
        SharedMutex mutex = memory.mutex("mutex");
        SharedLong number = memory.atomicLong("number");
        for (int i = 0; i < times; i++) {
            try (Hold outer = mutex.acquire()) {
                long before = number.get();
                try (Hold inner = mutex.tryAcquire()) {
                    if (inner == null || inner.fencingToken() != outer.fencingToken()) {
                        throw new AssertionError("not reentrant");
                    }
                }
                number.set(before + 1);
            }
        }
        return "";
    }

    private static String fair(SharedMemory memory, int times) throws InterruptedException {
        SharedSemaphore semaphore = memory.fairSemaphore("fair", 1);
        SharedLong number = memory.atomicLong("number");
        for (int i = 0; i < times; i++) {
            semaphore.acquire();
            number.set(number.get() + 1);
            semaphore.release();
        }
        return "";
    }

    /** How many were inside at most. */
    private static String leases(SharedMemory memory, int times) throws InterruptedException {
        LeasedSemaphore semaphore = memory.leasedSemaphore("leases", PERMITS);
        SharedLong inside = memory.atomicLong("inside");
        long most = 0;
        for (int i = 0; i < times; i++) {
            try (Lease lease = semaphore.acquire()) {
                most = Math.max(most, inside.addAndGet(1));
                inside.addAndGet(-1);
            }
        }
        return "" + most;
    }

    private static String signal(SharedMemory memory, int times) {
        for (int i = 0; i < times; i++) {
            memory.semaphore("signal", 0).release();
        }
        return "";
    }

    private static String await(SharedMemory memory, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            memory.semaphore("signal", 0).acquire();
        }
        return "";
    }

    private static SharedBoundedBuffer buffer(SharedMemory memory) {
        return memory.boundedBuffer("buffer", CELLS, Long.BYTES);
    }

    private static String put(SharedMemory memory, int worker, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            buffer(memory)
                    .put(ByteBuffer.allocate(Long.BYTES)
                            .putInt(worker)
                            .putInt(i)
                            .flip());
        }
        return "";
    }

    /** The sum of the items; those of one producer come in their order. */
    private static String take(SharedMemory memory, int times) throws InterruptedException {
        long sum = 0;
        int[] last = new int[100];
        Arrays.fill(last, -1);
        for (int i = 0; i < times; i++) {
            ByteBuffer item = ByteBuffer.wrap(buffer(memory).take());
            int producer = item.getInt();
            int number = item.getInt();
            if (number <= last[producer]) {
                throw new AssertionError("item " + number + " of producer " + producer + " after " + last[producer]);
            }
            last[producer] = number;
            sum += number;
        }
        return "" + sum;
    }

    /** Waits for what is never released: none is shorter than requested, and non-blocking methods do not wait. */
    private static String timeouts(SharedMemory memory) throws InterruptedException {
        SharedSemaphore none = memory.semaphore("none", 0);
        SharedBoundedBuffer empty = memory.boundedBuffer("empty", 1, 1);
        for (Duration wait : new Duration[] {Duration.ZERO, Duration.ofSeconds(-5), Duration.ofMillis(30)}) {
            long start = System.nanoTime();
            if (none.tryAcquire(wait) || empty.poll(wait) != null) {
                throw new AssertionError("had what is not there");
            }
            if (System.nanoTime() - start < 2 * wait.toNanos()) {
                throw new AssertionError("came back before " + wait);
            }
        }
        return "" + none.tryAcquire();
    }
}
