package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** Virtual threads on a single carrier: one that blocked it, in the kernel or in a monitor, would stop all. */
class VirtualThreadsIT {
    private static final int THREADS = Soak.scaled(10_000, 1_000);

    /** Shared by all tests, since starting it takes longest. */
    private static ChildJvm crowd;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @BeforeEach
    void start() {
        assumeTrue(Runtime.version().feature() >= 21, "needs virtual threads");
        if (crowd == null) {
            crowd = ChildJvm.of(Crowd.class)
                    .options(
                            "-Djdk.virtualThreadScheduler.parallelism=1",
                            "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                            "-Xmx256m")
                    .start();
        }
    }

    @AfterAll
    static void stop() {
        if (crowd != null) {
            crowd.close();
            crowd = null;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mutex",
                "condition",
                "semaphore",
                "fairSemaphore",
                "leases",
                "buffer",
                "jobs",
                "readWriteLock",
                "barrier",
                "latch",
                "ownedLatch",
                "event",
                "autoResetEvent",
                "value"
            })
    void object_servesAllOnOneCarrier(String object) {
        assertEquals("" + THREADS, crowd.call(object, tmp.name("v"), THREADS));
    }

    @Test
    @Scenario("research-sync/35")
    void terminatedOwner_isReported() {
        assertEquals("true", crowd.call("terminated", tmp.name("v")));
    }

    @Test
    void waiters_doNotBlockCarrier() throws InterruptedException {
        try (SharedMemory memory = SharedMemory.create(tmp.name("v"), SharedMemory.megabytes(1))) {
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
        private final AtomicInteger waited = new AtomicInteger();
        private final List<Thread> waiting = new ArrayList<>();
        private SharedMemory memory;

        @Override
        public void register(ChildCommands commands) {
            commands.on("mutex", args -> crowd(args, Crowd::lock));
            commands.on("condition", args -> crowd(args, Crowd::takeTurn));
            commands.on("semaphore", args -> crowd(args, Crowd::acquire));
            commands.on("leases", args -> crowd(args, Crowd::lease));
            commands.on("buffer", args -> crowd(args, Crowd::pass));
            commands.on("jobs", args -> crowd(args, Crowd::work));
            commands.on("fairSemaphore", args -> crowd(args, Crowd::acquireInTurn));
            commands.on("readWriteLock", args -> crowd(args, Crowd::readOrWrite));
            commands.on("barrier", args -> crowd(args, Crowd::meet));
            commands.on("value", args -> crowd(args, Crowd::setOrFollow));
            commands.on("latch", args -> crowd(args, Crowd::countDown));
            commands.on("ownedLatch", args -> crowd(args, Crowd::countDownAsParty));
            commands.on("event", args -> crowd(args, Crowd::awaitAll));
            commands.on("autoResetEvent", args -> crowd(args, Crowd::awaitOneByOne));
            commands.on("terminated", args -> {
                try (SharedMemory opened = open(args.get(0))) {
                    SharedMutex mutex = opened.mutex("mutex");
                    virtual(mutex::acquire).join();
                    try (Hold hold = mutex.acquire()) {
                        hold.markConsistent();
                        return "" + hold.previousOwnerDied();
                    }
                }
            });
            commands.on("wait", args -> {
                memory = open(args.get(0));
                for (int i = 0; i < Integer.parseInt(args.get(1)); i++) {
                    waiting.add(virtual(() -> {
                        try (Hold hold = memory.mutex("mutex").acquire()) {
                            waited.incrementAndGet();
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
                memory.close();
                return waited.toString();
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

        /** One of a hundred threads sets the value, and the others wait for that. */
        private static void setOrFollow(SharedMemory memory, int number) throws Exception {
            SharedBytes value = memory.atomicBytes("value", 4);
            if (number % 100 == 99) {
                value.set(new byte[4]);
                return;
            }
            long version = 0;
            while (version <= number / 100) {
                version = value.awaitChange(version);
            }
            if (value.get().length != 4) {
                throw new AssertionError("another value");
            }
        }

        /** Half of them put a job each, the last of these ends the buffer; the others take or join until then. */
        private static void work(SharedMemory memory, int number) throws Exception {
            SharedBoundedBuffer jobs = memory.boundedBuffer("jobs", 4, 8);
            if (number % 2 == 0) {
                jobs.put(new byte[] {1});
                if (memory.atomicLong("put").incrementAndGet() == THREADS / 2) {
                    jobs.end();
                }
                return;
            }
            if (number % 4 == 1) {
                jobs.join();
            }
            UnackedItem job = jobs.takeUnacked();
            while (job != null) {
                job.ack();
                job = jobs.takeUnacked();
            }
        }

        private static void pass(SharedMemory memory, int number) throws Exception {
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 4, 8);
            if (number % 2 == 0) {
                buffer.put(new byte[] {1});
            } else if (buffer.take().length != 1) {
                throw new AssertionError("another item");
            }
        }

        private static void acquireInTurn(SharedMemory memory, int number) throws Exception {
            SharedSemaphore semaphore = memory.fairSemaphore("fair", 2);
            semaphore.acquire();
            Thread.yield();
            semaphore.release();
        }

        private static void readOrWrite(SharedMemory memory, int number) throws Exception {
            SharedReadWriteLock lock = memory.readWriteLock("lock");
            if (number % 10 == 0) {
                SharedLong written = memory.atomicLong("written");
                try (Hold hold = lock.acquireWrite()) {
                    long before = written.get();
                    Thread.yield();
                    if (!written.compareAndSet(before, before + 1)) {
                        throw new AssertionError("two wrote at the same time");
                    }
                }
            } else {
                try (ReadHold hold = lock.acquireRead()) {
                    Thread.yield();
                }
            }
        }

        private static void meet(SharedMemory memory, int number) throws Exception {
            memory.barrier("barrier", THREADS / 2).await();
        }

        private static void countDown(SharedMemory memory, int number) throws Exception {
            SharedLatch latch = memory.latch("latch", THREADS);
            latch.countDown();
            latch.await();
        }

        private static void countDownAsParty(SharedMemory memory, int number) throws Exception {
            OwnedLatch latch = memory.ownedLatch("owned", THREADS);
            try (LatchParty party = latch.register()) {
                party.countDown();
            }
            latch.await();
        }

        /** The last one lets all others pass. */
        private static void awaitAll(SharedMemory memory, int number) throws Exception {
            SharedEvent event = memory.event("event");
            if (number == THREADS - 1) {
                event.set();
            }
            event.await();
        }

        /** Each lets another one pass. */
        private static void awaitOneByOne(SharedMemory memory, int number) throws Exception {
            SharedEvent event = memory.autoResetEvent("auto");
            if (number == THREADS - 1) {
                event.set();
            }
            event.await();
            event.set();
        }

        private static String crowd(List<String> args, Body body) throws Exception {
            AtomicInteger done = new AtomicInteger();
            try (SharedMemory memory = open(args.get(0))) {
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
            }
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
