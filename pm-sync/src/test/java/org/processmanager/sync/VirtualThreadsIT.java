package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** Virtual threads on a single carrier: one that blocked it, in the kernel or in a monitor, would stop all. */
class VirtualThreadsIT {
    private static final int THREADS = Soak.scaled(10_000, 1_000);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @BeforeEach
    void need() {
        assumeTrue(Runtime.version().feature() >= 21, "needs virtual threads");
    }

    private ChildJvm start() {
        return ChildJvm.of(Crowd.class)
                .options(
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-Xmx256m")
                .start();
    }

    @Test
    void mutex_isAcquiredByAllOnOneCarrier() {
        try (ChildJvm crowd = start()) {
            assertEquals("" + THREADS, crowd.call("mutex", tmp.name("v"), THREADS));
        }
    }

    @Test
    void condition_isPassedByAllOnOneCarrier() {
        try (ChildJvm crowd = start()) {
            assertEquals("" + THREADS, crowd.call("condition", tmp.name("v"), THREADS));
        }
    }

    @Test
    void semaphore_isAcquiredByAllOnOneCarrier() {
        try (ChildJvm crowd = start()) {
            assertEquals("" + THREADS, crowd.call("semaphore", tmp.name("v"), THREADS));
        }
    }

    @Test
    void leases_areAcquiredByAllOnOneCarrier() {
        try (ChildJvm crowd = start()) {
            assertEquals("" + THREADS, crowd.call("leases", tmp.name("v"), THREADS));
        }
    }

    @Test
    void buffer_passesAllItemsOnOneCarrier() {
        try (ChildJvm crowd = start()) {
            assertEquals("" + THREADS, crowd.call("buffer", tmp.name("v"), THREADS));
        }
    }

    /** Read-write lock, barrier, latch and event. */
    @Test
    void meetings_areReachedByAllOnOneCarrier() {
        try (ChildJvm crowd = start()) {
            assertEquals("" + THREADS, crowd.call("meetings", tmp.name("v"), THREADS));
        }
    }

    @Test
    @Scenario("research-sync/35")
    void terminatedOwner_isReported() {
        try (ChildJvm crowd = start()) {
            assertEquals("true", crowd.call("terminated", tmp.name("v")));
        }
    }

    @Test
    void waiters_doNotBlockCarrier() throws InterruptedException {
        try (SharedMemory memory = SharedMemory.create(tmp.name("v"), SharedMemory.megabytes(1));
                ChildJvm crowd = start()) {
            Hold hold = memory.mutex("mutex").acquire();
            crowd.call("wait", tmp.name("v"), 100);
            for (int i = 0; i < 20; i++) {
                assertEquals("ran", crowd.call("run"));
            }
            hold.close();
            assertEquals("100", crowd.call("waited"));
        }
    }

    /** Many virtual threads in one process. */
    static final class Crowd implements ChildProgram {
        private final AtomicInteger done = new AtomicInteger();
        private final List<Thread> waiting = new ArrayList<>();

        @Override
        public void register(ChildCommands commands) {
            commands.on("mutex", args -> crowd(args, Crowd::lock));
            commands.on("condition", args -> crowd(args, Crowd::takeTurn));
            commands.on("semaphore", args -> crowd(args, Crowd::acquire));
            commands.on("leases", args -> crowd(args, Crowd::lease));
            commands.on("buffer", args -> crowd(args, Crowd::pass));
            commands.on("meetings", args -> crowd(args, Crowd::meet));
            commands.on("terminated", args -> {
                SharedMutex mutex = open(args.get(0)).mutex("mutex");
                virtual(mutex::acquire).join();
                try (Hold hold = mutex.acquire()) {
                    hold.markConsistent();
                    return "" + hold.previousOwnerDied();
                }
            });
            commands.on("wait", args -> {
                SharedMemory memory = open(args.get(0));
                for (int i = 0; i < Integer.parseInt(args.get(1)); i++) {
                    waiting.add(virtual(() -> {
                        try (Hold hold = memory.mutex("mutex").acquire()) {
                            done.incrementAndGet();
                        }
                    }));
                }
                return "";
            });
            commands.on("run", args -> {
                CountDownLatch ran = new CountDownLatch(1);
                virtual(ran::countDown);
                return ran.await(20, TimeUnit.SECONDS) ? "ran" : "no carrier";
            });
            commands.on("waited", args -> {
                for (Thread thread : waiting) {
                    thread.join();
                }
                return done.toString();
            });
        }

        private static void lock(SharedMemory memory, int number) throws Exception {
            try (Hold hold = memory.mutex("mutex").acquire()) {
                Thread.yield();
                if (hold.previousOwnerDied()) {
                    throw new AssertionError("no owner died");
                }
            }
        }

        /** All wait for the last one, which lets the first return; each wakes the next. */
        private static void takeTurn(SharedMemory memory, int number) throws Exception {
            SharedMutex mutex = memory.mutex("mutex");
            SharedCondition condition = mutex.condition("condition");
            SharedLong arrived = memory.atomicLong("arrived");
            try (Hold hold = mutex.acquire()) {
                if (arrived.incrementAndGet() < THREADS) {
                    condition.await();
                }
                condition.signal();
            }
        }

        private static void lease(SharedMemory memory, int number) throws Exception {
            try (Lease lease = memory.leasedSemaphore("leases", 2).acquire()) {
                Thread.yield();
                if (!lease.isValid()) {
                    throw new AssertionError("lost");
                }
            }
        }

        private static void acquire(SharedMemory memory, int number) throws Exception {
            SharedSemaphore semaphore = memory.semaphore("semaphore", 2);
            semaphore.acquire();
            Thread.yield();
            semaphore.release();
        }

        private static void pass(SharedMemory memory, int number) throws Exception {
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 4, 8);
            if (number % 2 == 0) {
                buffer.put(new byte[] {1});
            } else if (buffer.take().length != 1) {
                throw new AssertionError("another item");
            }
        }

        private static void meet(SharedMemory memory, int number) throws Exception {
            SharedReadWriteLock lock = memory.readWriteLock("lock");
            SharedLong written = memory.atomicLong("written");
            try (AutoCloseable hold = number % 8 == 0 ? lock.acquireWrite() : lock.acquireRead()) {
                Thread.yield();
                if (number % 8 == 0) {
                    written.set(written.get() + 1);
                }
            }
            memory.barrier("barrier", 2).await();
            SharedLatch latch = memory.latch("latch", THREADS);
            latch.countDown();
            latch.await();
            if (number == 0) {
                memory.event("event").set();
            }
            memory.event("event").await();
            if (written.get() != THREADS / 8) {
                throw new AssertionError(written.get() + " of " + THREADS / 8);
            }
        }

        private String crowd(List<String> args, Body body) throws Exception {
            SharedMemory memory = open(args.get(0));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args.get(1)); i++) {
                int number = i;
                threads.add(virtual(() -> {
                    body.run(memory, number);
                    done.incrementAndGet();
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            memory.close();
            return done.toString();
        }

        private static SharedMemory open(String name) {
            return SharedMemory.openOrCreate(name, SharedMemory.megabytes(1));
        }

        /** By reflection, since the tests are compiled for a release without them. */
        private static Thread virtual(Step step) throws ReflectiveOperationException {
            Runnable run = () -> {
                try {
                    step.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            };
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, run);
        }

        private interface Step {
            void run() throws Exception;
        }

        private interface Body {
            void run(SharedMemory memory, int number) throws Exception;
        }
    }
}
