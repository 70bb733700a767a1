package org.processmanager.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;

/** A process that uses one region by commands. A hold belongs to the child's thread that ran the command. */
final class Party implements ChildProgram {
    static final long BYTES = SharedMemory.megabytes(1);

    private final Map<Thread, Hold> holds = new ConcurrentHashMap<>();
    private final List<Lease> leases = new CopyOnWriteArrayList<>();
    /** What is held for ever: it must be reachable. */
    private final List<UnackedItem> items = new CopyOnWriteArrayList<>();

    private final List<LatchParty> parties = new CopyOnWriteArrayList<>();

    private volatile SharedMemory memory;

    @Override
    public void register(ChildCommands commands) {
        commands.on("open", args -> {
            memory = SharedMemory.openOrCreate(Path.of(args.get(0)), BYTES);
            return "";
        });
        commands.on("openAndCount", args -> openAndCount(Path.of(args.get(0)), args.get(1)));
        commands.on("delete", args -> {
            memory.delete();
            return "";
        });
        commands.on("create", args -> {
            memory.semaphore(args.get(0), 7);
            return "";
        });
        commands.on("inspect", args -> SharedMemory.snapshot(Path.of(args.get(0))).objects().stream()
                .map(object -> object.name() + " " + object.state() + " "
                        + object.owners().get(0).pid() + " "
                        + object.owners().get(0).alive())
                .collect(Collectors.joining(", ")));
        commands.on("remove", args -> "" + memory.remove(args.get(0)));
        commands.on("acquire", args -> {
            Hold hold = memory.mutex(args.get(0)).acquire();
            holds.put(Thread.currentThread(), hold);
            commands.emit("acquired");
            return "" + hold.previousOwnerDied();
        });
        commands.on("tryAcquire", args -> {
            Hold hold = memory.mutex(args.get(0)).tryAcquire(Duration.ofMillis(Long.parseLong(args.get(1))));
            if (hold != null) {
                holds.put(Thread.currentThread(), hold);
            }
            return hold == null ? "none" : "" + hold.previousOwnerDied();
        });
        commands.on("release", args -> {
            Hold hold = holds.remove(Thread.currentThread());
            hold.markConsistent();
            hold.close();
            return "";
        });
        commands.on("startSleeper", args -> startSleeper());
        commands.on("waitAll", args -> waitAll(args.get(0), Integer.parseInt(args.get(1))));
        commands.on("count", args -> count(args.get(0), Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2))));
        commands.on("semaphore.acquire", args -> {
            memory.semaphore(args.get(0), 0).acquire();
            return "";
        });
        commands.on("semaphore.release", args -> {
            memory.semaphore(args.get(0), 0).release();
            return "";
        });
        commands.on("fair.acquire", args -> {
            memory.fairSemaphore(args.get(0), 0).acquire();
            return "";
        });
        commands.on("latch.register", args -> registerAt(Integer.parseInt(args.get(0))));
        commands.on("latch.countDown", args -> {
            parties.forEach(LatchParty::countDown);
            return "";
        });
        commands.on("latch.countDownOnce", args -> {
            memory.latch(args.get(0), 1).countDown();
            return "";
        });
        commands.on("latch.await", args -> {
            memory.latch(args.get(0), 1).await();
            return "";
        });
        commands.on("ownedLatch.await", args -> {
            memory.ownedLatch(args.get(0), 1).await();
            return "";
        });
        commands.on("read", args -> {
            read(args.get(0), Integer.parseInt(args.get(1)));
            return "";
        });
        commands.on("readOnce", args -> {
            memory.readWriteLock(args.get(0)).acquireRead().close();
            return "";
        });
        commands.on("write", args -> {
            holds.put(Thread.currentThread(), memory.readWriteLock(args.get(0)).acquireWrite());
            return "";
        });
        commands.on("writeOnce", args -> {
            memory.readWriteLock(args.get(0)).acquireWrite().close();
            return "";
        });
        commands.on(
                "barrier.await",
                args -> ""
                        + memory.barrier(args.get(0), Integer.parseInt(args.get(1)))
                                .await());
        commands.on("condition.put", args -> {
            ConditionCrashIT.put(memory);
            return "";
        });
        commands.on("condition.take", args -> "" + ConditionCrashIT.take(memory));
        commands.on("barrier.register", args -> {
            memory.barrier(args.get(0), Integer.parseInt(args.get(1))).register();
            return "";
        });
        commands.on("event.set", args -> {
            memory.event(args.get(0)).set();
            return "";
        });
        commands.on("event.awaitAuto", args -> {
            memory.autoResetEvent(args.get(0)).await();
            return "";
        });
        commands.on(
                "work",
                args -> FlavourWork.run(
                        memory, args.get(0), Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2))));
        commands.on("lease", args -> {
            leases.add(memory.leasedSemaphore(args.get(0), Integer.parseInt(args.get(1)))
                    .acquire());
            return "";
        });
        commands.on("leaseSeveral", args -> {
            leases.add(memory.leasedSemaphore(args.get(0), Integer.parseInt(args.get(1)))
                    .acquire(Integer.parseInt(args.get(2))));
            return "";
        });
        commands.on("endLease", args -> {
            leases.remove(0).close();
            return "";
        });
        commands.on("long.set", args -> {
            memory.atomicLong(args.get(0)).set(Long.parseLong(args.get(1)));
            return "";
        });
        commands.on(
                "bytes.set",
                args -> ""
                        + memory.atomicBytes(args.get(0), 100).set(args.get(1).getBytes(StandardCharsets.UTF_8)));
        commands.on("long", args -> "" + memory.atomicLong(args.get(0)).get());
        commands.on("put", args -> {
            buffer(args).put(args.get(2).getBytes(StandardCharsets.UTF_8));
            return "";
        });
        commands.on("takeUnacked", args -> {
            UnackedItem item = buffer(args).takeUnacked();
            items.add(item);
            return new String(item.bytes(), StandardCharsets.UTF_8) + " " + item.redelivered();
        });
        commands.on("end", args -> {
            buffer(args).end();
            return "";
        });
        commands.on("join", args -> {
            buffer(args).join();
            return "";
        });
        commands.on("take", args -> new String(buffer(args).take(), StandardCharsets.UTF_8));
        commands.on(
                "produce", args -> produce(Integer.parseInt(args.get(2)), Integer.parseInt(args.get(3)), buffer(args)));
        commands.on("consume", args -> consume(buffer(args), Integer.parseInt(args.get(2))));
        commands.on("close", args -> {
            memory.close();
            return "";
        });
    }

    /** Arguments 0 and 1 are the numbers of the buffer; fewer than 0 cells mean as many, and that it drops. */
    private SharedBoundedBuffer buffer(List<String> args) {
        int cells = Integer.parseInt(args.get(0));
        return memory.boundedBuffer(
                "buffer",
                Math.abs(cells),
                Integer.parseInt(args.get(1)),
                cells < 0 ? SharedBoundedBuffer.OnConsumerDeath.DROP : SharedBoundedBuffer.OnConsumerDeath.REDELIVER);
    }

    /** Opens the region with many threads at once, each with a handle of its own, and lets each count itself there. */
    private static String openAndCount(Path path, String threads) {
        Threads.runAll(Integer.parseInt(threads), number -> {
            try (SharedMemory mine = SharedMemory.openOrCreate(path, BYTES)) {
                mine.atomicLong("openers").addAndGet(1);
            }
        });
        return "";
    }

    /** Acquires the lock for reading in many threads, which hold it for ever. */
    private void read(String lock, int threads) throws InterruptedException {
        CountDownLatch holding = new CountDownLatch(threads);
        Threads.startAll(threads, number -> {
            memory.readWriteLock(lock).acquireRead();
            holding.countDown();
            new CountDownLatch(1).await();
        });
        holding.await();
    }

    /** Registers with a latch that a death fails, and with one that counts it. */
    private String registerAt(int count) {
        parties.add(memory.ownedLatch("failing", count).register());
        parties.add(memory.ownedLatch("counting", count, OwnedLatch.OnPartyDeath.COUNT_DOWN)
                .register());
        return "";
    }

    /** A child of this process, which outlives it; the test ends it. */
    private static String startSleeper() throws IOException {
        return "" + new ProcessBuilder("sleep", "60").start().pid();
    }

    /** Lets many threads acquire the mutex once; returns how many were notified of a death. */
    private String waitAll(String mutex, int threads) {
        AtomicInteger told = new AtomicInteger();
        Threads.runAll(threads, number -> {
            try (Hold hold = memory.mutex(mutex).acquire()) {
                if (hold.previousOwnerDied()) {
                    told.incrementAndGet();
                    hold.markConsistent();
                }
            }
        });
        return told.toString();
    }

    /** Adds to a number by reading and writing, which only exclusion makes right. */
    private String count(String mutex, int threads, int rounds) {
        SharedLong number = memory.atomicLong("count");
        Threads.runAll(threads, thread -> {
            for (int i = 0; i < rounds; i++) {
                try (Hold hold = memory.mutex(mutex).acquire()) {
                    number.set(number.get() + 1);
                }
            }
        });
        return "";
    }

    private static String produce(int first, int count, SharedBoundedBuffer buffer) throws InterruptedException {
        for (int i = first; i < first + count; i++) {
            buffer.put(ByteBuffer.allocate(8).putInt(i).putInt(~i).flip());
        }
        return "";
    }

    /** Takes so many items; their numbers, one after another. */
    private static String consume(SharedBoundedBuffer buffer, int count) throws InterruptedException {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < count; i++) {
            ByteBuffer item = ByteBuffer.wrap(buffer.take());
            int number = item.getInt();
            if (item.remaining() != 4 || item.getInt() != ~number) {
                throw new AssertionError("torn item " + number);
            }
            items.append(number).append(' ');
        }
        return items.toString();
    }
}
