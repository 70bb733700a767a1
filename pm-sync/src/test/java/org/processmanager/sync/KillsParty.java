package org.processmanager.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.sync.Threads.Running;

/**
 * A process that uses every kind of object at once, each from a thread of its own, until it is stopped or killed. What it did
 * stands in a file that all map, one part for each process: its records survive it.
 *
 * <pre>
 *    0 +-------------------------------+----------------------------+
 *      | items that it has put       8 | where its semaphore is  4  |
 *   16 | one byte for each thing that it has in hand for a while    |
 *   64 +-------------------------------+----------------------------+
 *      | one byte for each item that it puts: 1 when it was taken   |
 *      +------------------------------------------------------------+
 * </pre>
 */
final class KillsParty implements ChildProgram {
    static final int PERMITS = 2;
    static final int LEASES = 2;
    static final int CELLS = 16;
    static final int MOST_ITEMS = 20_000;

    private static final int ITEMS = 64;
    private static final int PART = ITEMS + MOST_ITEMS;
    private static final int SEMAPHORE = 8;
    private static final int IN_HAND = 16;

    /** The test itself, which is not killed. */
    static final int NO_PARTY = -1;

    /** It has no permit. */
    static final int OUTSIDE = 0;
    /** It is about to take one, or to give it back: it may have one. */
    static final int BETWEEN = 1;
    /** It has one. */
    static final int INSIDE = 2;

    /** What it may have in hand when it is killed. */
    enum Thing {
        /** The mutex, with the two numbers unequal. */
        MUTEX,
        /** An item of which it has not noted that it took it. */
        ITEM,
        /** A lease. */
        LEASE
    }

    private final List<Running<Void>> threads = new ArrayList<>();
    /** Closed while the test counts permits. */
    private final Semaphore gate = new Semaphore(1, true);

    private volatile boolean stopped;

    /** The objects of the region, which parent and children open alike. */
    record Objects(
            SharedMutex mutex,
            SharedLong left,
            SharedLong right,
            SharedSemaphore semaphore,
            LeasedSemaphore leased,
            SharedBoundedBuffer buffer,
            SharedLong rounds,
            SharedLong redelivered,
            SharedLong wrong) {
        static Objects in(SharedMemory memory) {
            return new Objects(
                    memory.mutex("mutex"),
                    memory.atomicLong("left"),
                    memory.atomicLong("right"),
                    memory.semaphore("semaphore", PERMITS),
                    memory.leasedSemaphore("leased", LEASES),
                    memory.boundedBuffer("buffer", CELLS, 8),
                    memory.atomicLong("rounds"),
                    memory.atomicLong("redelivered"),
                    memory.atomicLong("wrong"));
        }

        /** Adds one to two numbers, which only exclusion and repair keep equal. */
        void exclude(Records records, int self) throws InterruptedException {
            try (Hold hold = mutex.acquire()) {
                if (hold.previousOwnerDied()) {
                    long ahead = left.get() - right.get();
                    check(ahead == 0 || ahead == 1);
                    right.set(left.get());
                    hold.markConsistent();
                }
                check(left.get() == right.get());
                left.addAndGet(1);
                records.linger(self, Thing.MUTEX);
                right.set(right.get() + 1);
            }
        }

        /** Takes an item and notes it; one that was noted before must have been taken from a dead process. */
        void noteTaken(UnackedItem item, Records records, int self) {
            ByteBuffer bytes = ByteBuffer.wrap(item.bytes());
            records.linger(self, Thing.ITEM);
            boolean first = records.noteTaken(bytes.getInt(), bytes.getInt());
            check(first || item.redelivered());
            linger();
            if (item.redelivered()) {
                redelivered.addAndGet(1);
            }
            item.ack();
        }

        private void check(boolean right) {
            if (!right) {
                wrong.addAndGet(1);
            }
        }
    }

    /** The file of records. */
    static final class Records {
        private final FileChannel channel;
        private final Map<Integer, MappedByteBuffer> parts = new ConcurrentHashMap<>();

        Records(Path path) throws IOException {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        private MappedByteBuffer part(int number) {
            return parts.computeIfAbsent(number, n -> {
                try {
                    return channel.map(FileChannel.MapMode.READ_WRITE, (long) n * PART, PART);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        boolean noteTaken(int party, int item) {
            MappedByteBuffer part = part(party);
            boolean first = part.get(ITEMS + item) == 0;
            part.put(ITEMS + item, (byte) 1);
            return first;
        }

        boolean wasTaken(int party, int item) {
            return part(party).get(ITEMS + item) != 0;
        }

        void notePut(int party, int items) {
            part(party).putLong(0, items);
        }

        int put(int party) {
            return (int) part(party).getLong(0);
        }

        void noteSemaphore(int party, int place) {
            part(party).putInt(SEMAPHORE, place);
        }

        /** As {@link KillsParty#linger}, and sometimes so long that the test can see it and kill. */
        void linger(int party, Thing thing) {
            if (party != NO_PARTY && ThreadLocalRandom.current().nextInt(300) == 0) {
                part(party).put(IN_HAND + thing.ordinal(), (byte) 1);
                LockSupport.parkNanos(30_000_000);
                part(party).put(IN_HAND + thing.ordinal(), (byte) 0);
            } else {
                KillsParty.linger();
            }
        }

        boolean hasInHand(int party, Thing thing) {
            return part(party).get(IN_HAND + thing.ordinal()) != 0;
        }

        int semaphore(int party) {
            return part(party).getInt(SEMAPHORE);
        }
    }

    @Override
    public void register(ChildCommands commands) {
        commands.on("work", this::work);
        commands.on("pause", args -> {
            gate.acquire();
            return "";
        });
        commands.on("resume", args -> {
            gate.release();
            return "";
        });
        commands.on("stop", args -> {
            stopped = true;
            threads.forEach(Running::result);
            return "";
        });
    }

    private String work(List<String> args) throws IOException {
        Objects objects = Objects.in(SharedMemory.open(Path.of(args.get(0))));
        Records records = new Records(Path.of(args.get(1)));
        int self = Integer.parseInt(args.get(2));
        repeat(objects, () -> objects.exclude(records, self));
        repeat(objects, () -> {
            gate.acquire();
            try {
                useSemaphore(objects.semaphore, records, self);
            } finally {
                gate.release();
            }
        });
        repeat(objects, () -> {
            try (Lease lease = objects.leased.acquire()) {
                records.linger(self, Thing.LEASE);
                objects.check(lease.isValid());
            }
        });
        int[] item = {0};
        repeat(objects, () -> {
            if (item[0] < MOST_ITEMS
                    && objects.buffer.offer(
                            ByteBuffer.allocate(8).putInt(self).putInt(item[0]).array())) {
                records.notePut(self, ++item[0]);
            }
        });
        repeat(objects, () -> {
            UnackedItem taken = objects.buffer.pollUnacked(Duration.ofMillis(20));
            if (taken != null) {
                objects.noteTaken(taken, records, self);
            }
        });
        return "";
    }

    private static void useSemaphore(SharedSemaphore semaphore, Records records, int self) throws InterruptedException {
        records.noteSemaphore(self, BETWEEN);
        if (semaphore.tryAcquire(Duration.ofMillis(20))) {
            records.noteSemaphore(self, INSIDE);
            linger();
            records.noteSemaphore(self, BETWEEN);
            semaphore.release();
        }
        records.noteSemaphore(self, OUTSIDE);
    }

    /** Now and then a moment with something in hand, so that a kill meets it; it also leaves the processor to others. */
    private static void linger() {
        if (ThreadLocalRandom.current().nextInt(20) == 0) {
            LockSupport.parkNanos(300_000);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private void repeat(Objects objects, Step step) {
        threads.add(Threads.start(() -> {
            try {
                while (!stopped) {
                    step.run();
                    objects.rounds.addAndGet(1);
                    linger();
                }
            } catch (Throwable e) {
                objects.wrong.addAndGet(1);
                throw e;
            }
            return null;
        }));
    }
}
