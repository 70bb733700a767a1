package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.processmanager.sync.KillsRecords.Thing;
import org.processmanager.sync.Threads.Running;

/** The objects under random kills. A new kind of object gets a class here and a line in {@link #all}. */
final class KillsSubjects {
    /** How many threads of a process use permits without an owner. */
    static final int GATE = 2;

    static final int CELLS = 16;
    static final int PERMITS = 2;

    private static final int LEASES = 3;
    private static final int STOCK = 2;
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(60);

    private KillsSubjects() {}

    /** Returns the file of the region of the latches. */
    static Path latches(SharedMemory memory) {
        return Path.of(memory.path() + "-latches");
    }

    static List<KillsSubject> all(KillsSubject.Context context) {
        return List.of(
                new Exclusion(context),
                new Permits(0, context.memory.semaphore("semaphore", PERMITS), context),
                new Permits(1, context.memory.fairSemaphore("fair-semaphore", PERMITS), context),
                new Leases(context),
                new Puts(context),
                new Takes(context),
                new ReadsAndWrites(context),
                new Rendezvous(context),
                new Sets(context),
                new Passes(context),
                new Latches(context),
                new OwnedLatches(context),
                new Increments(context),
                new Stock(true, context),
                new Stock(false, context),
                new Values(context));
    }

    /** Two numbers, which only exclusion and repair keep equal. */
    private static final class Pair {
        private final SharedLong left;
        private final SharedLong right;

        Pair(String name, SharedMemory memory) {
            left = memory.atomicLong(name + "-left");
            right = memory.atomicLong(name + "-right");
        }

        void repair() {
            long ahead = left.get() - right.get();
            assertTrue(ahead == 0 || ahead == 1, ahead + " ahead");
            right.set(left.get());
        }

        void increment(Runnable between) {
            assertEquals(left.get(), right.get());
            left.addAndGet(1);
            between.run();
            right.set(right.get() + 1);
        }

        void assertEqual() {
            assertEquals(left.get(), right.get());
        }
    }

    private static final class Exclusion extends KillsSubject {
        private final SharedMutex mutex = memory.mutex("mutex");
        private final Pair pair = new Pair("mutex", memory);

        Exclusion(Context context) {
            super("mutex", context);
        }

        @Override
        void use() throws InterruptedException {
            try (Hold hold = mutex.acquire()) {
                if (hold.previousOwnerDied()) {
                    pair.repair();
                    hold.markConsistent();
                }
                pair.increment(() -> records.linger(self, Thing.MUTEX));
            }
        }

        @Override
        void assertAtRest(int parties) throws InterruptedException {
            use();
            assertEquals("free", mutex.snapshot().state());
        }
    }

    /** A semaphore whose permits have no owner: it loses what a dead process had, which the test gives back. */
    static final class Permits extends KillsSubject {
        /** The process has no permit. */
        private static final int OUTSIDE = 0;
        /** It is about to take one, or to give it back: it may have one. */
        private static final int BETWEEN = 1;
        /** It has one. */
        private static final int INSIDE = 2;

        private final int number;
        private final SharedSemaphore semaphore;

        Permits(int number, SharedSemaphore semaphore, Context context) {
            super(semaphore.name(), context);
            this.number = number;
            this.semaphore = semaphore;
        }

        @Override
        void use() throws InterruptedException {
            context.gate.acquire();
            try {
                records.noteSemaphore(self, number, BETWEEN);
                if (semaphore.tryAcquire(SHORT)) {
                    records.noteSemaphore(self, number, INSIDE);
                    KillsRecords.linger();
                    records.noteSemaphore(self, number, BETWEEN);
                    semaphore.release();
                }
                records.noteSemaphore(self, number, OUTSIDE);
            } finally {
                context.gate.release();
            }
        }

        boolean mayHaveLost(int victim) {
            return records.semaphore(victim, number) != OUTSIDE;
        }

        /** Gives back what a dead process had, while no other one uses the semaphore; returns how many permits. */
        int giveBack(int victim) {
            int lost = PERMITS - semaphore.availablePermits();
            assertTrue(
                    lost == 1 || lost == 0 && records.semaphore(victim, number) != INSIDE,
                    lost + " permits of the " + name + " lost");
            semaphore.release(lost);
            return lost;
        }

        @Override
        void assertAtRest(int parties) {
            assertEquals(PERMITS, semaphore.availablePermits(), name);
        }
    }

    /** One permit, or all at once. */
    private static final class Leases extends KillsSubject {
        private final LeasedSemaphore semaphore = memory.leasedSemaphore("leased", LEASES);

        Leases(Context context) {
            super("leased-semaphore", context);
        }

        @Override
        void use() throws InterruptedException {
            int permits = ThreadLocalRandom.current().nextInt(4) == 0 ? LEASES : 1;
            try (Lease lease = semaphore.acquire(permits)) {
                records.linger(self, Thing.LEASE);
                assertTrue(lease.isValid());
            }
        }

        @Override
        void assertAtRest(int parties) {
            assertEquals(LEASES, semaphore.availablePermits());
        }
    }

    private static SharedBoundedBuffer buffer(SharedMemory memory) {
        return memory.boundedBuffer("buffer", CELLS, 8);
    }

    private static final class Puts extends KillsSubject {
        private final SharedBoundedBuffer buffer = buffer(memory);
        private int item;

        Puts(Context context) {
            super("buffer-put", context);
        }

        @Override
        void use() {
            if (item < KillsRecords.MOST_ITEMS
                    && buffer.offer(
                            ByteBuffer.allocate(8).putInt(self).putInt(item).flip())) {
                records.notePut(self, ++item);
            }
        }
    }

    static final class Takes extends KillsSubject {
        private final SharedBoundedBuffer buffer = buffer(memory);

        Takes(Context context) {
            super("buffer-take", context);
        }

        SharedLong redelivered() {
            return memory.atomicLong("redelivered");
        }

        @Override
        void use() throws InterruptedException {
            UnackedItem taken = buffer.pollUnacked(SHORT);
            if (taken != null) {
                noteTaken(taken);
            }
        }

        /** Notes an item; one that was noted before must have been taken from a dead process. */
        private void noteTaken(UnackedItem item) {
            ByteBuffer bytes = ByteBuffer.wrap(item.bytes());
            records.linger(self, Thing.ITEM);
            boolean first = records.noteTaken(bytes.getInt(), bytes.getInt());
            assertTrue(first || item.redelivered(), "delivered twice");
            KillsRecords.linger();
            if (item.redelivered()) {
                redelivered().addAndGet(1);
            }
            item.ack();
        }

        @Override
        void assertAtRest(int parties) throws InterruptedException {
            UnackedItem left = buffer.pollUnacked(Duration.ofSeconds(1));
            while (left != null) {
                noteTaken(left);
                left = buffer.pollUnacked(Duration.ofMillis(300)); // long enough to probe for dead owners
            }
            for (int party = 0; party < parties; party++) {
                assertItemsAreCountedOnce(party);
            }
            for (int i = 0; i < CELLS; i++) {
                assertTrue(buffer.offer(new byte[8]), "cell " + i + " is free");
            }
            assertFalse(buffer.offer(new byte[8]));
        }

        private void assertItemsAreCountedOnce(int party) {
            int put = records.put(party);
            for (int item = 0; item < put; item++) {
                assertTrue(
                        records.wasTaken(party, item),
                        "item " + item + " of " + put + " of process " + party + " was lost");
            }
            // The next one may have been put by a process that died before it noted that.
            for (int item = put + 1; item < KillsRecords.MOST_ITEMS; item++) {
                assertFalse(records.wasTaken(party, item), "item " + item + " was never put");
            }
        }
    }

    private static final class ReadsAndWrites extends KillsSubject {
        private final SharedReadWriteLock lock = memory.readWriteLock("lock");
        private final Pair pair = new Pair("lock", memory);

        ReadsAndWrites(Context context) {
            super("read-write-lock", context);
        }

        @Override
        void use() throws InterruptedException {
            switch (ThreadLocalRandom.current().nextInt(6)) {
                case 0, 1 -> write();
                case 2 -> update();
                default -> read();
            }
        }

        private void read() throws InterruptedException {
            try (ReadHold hold = lock.acquireRead()) {
                if (hold.previousOwnerDied()) {
                    pair.repair();
                    hold.markConsistent();
                }
                pair.assertEqual();
                records.linger(self, Thing.READ);
                pair.assertEqual();
            }
        }

        private void write() throws InterruptedException {
            try (Hold hold = lock.acquireWrite()) {
                if (hold.previousOwnerDied()) {
                    pair.repair();
                    hold.markConsistent();
                }
                pair.increment(() -> records.linger(self, Thing.WRITE));
            }
        }

        private void update() throws InterruptedException {
            try (UpdateHold hold = lock.acquireUpdate()) {
                if (hold.previousOwnerDied()) {
                    pair.repair();
                    hold.markConsistent();
                }
                pair.assertEqual();
                records.linger(self, Thing.UPDATE);
                try (Hold write = hold.upgrade()) {
                    pair.increment(KillsRecords::linger);
                }
            }
        }

        @Override
        void assertAtRest(int parties) throws InterruptedException {
            read();
            write();
            update();
            assertEquals("free", lock.snapshot().state());
        }
    }

    /** Two parties meet, of three processes or more. */
    private static final class Rendezvous extends KillsSubject {
        private final SharedBarrier barrier = memory.barrier("barrier", 2);
        private final SharedLong actions = memory.atomicLong("actions");

        Rendezvous(Context context) {
            super("barrier", context);
        }

        @Override
        void use() throws InterruptedException {
            long before = actions.get();
            records.note(self, Thing.ARRIVAL, true);
            try {
                barrier.await(() -> {
                    actions.incrementAndGet();
                    records.linger(self, Thing.ACTION);
                });
                assertTrue(actions.get() > before, "continued before the action");
            } catch (BrokenBarrierException e) {
                assertTrue(e.getMessage().contains("died") || e.getMessage().contains("was reset"), e.getMessage());
                barrier.reset();
            } finally {
                records.note(self, Thing.ARRIVAL, false);
            }
        }

        @Override
        void endWait() {
            barrier.reset();
        }

        @Override
        void assertAtRest(int parties) throws Exception {
            barrier.reset();
            assertEquals(0, barrier.getNumberWaiting());
            Running<Integer> other = Threads.start(() -> barrier.await(LONG));
            assertEquals(1, barrier.await(LONG) + other.result());
        }
    }

    /** Sets an event for one, and lets all pass another one for a moment. */
    private static final class Sets extends KillsSubject {
        private final SharedEvent one = memory.autoResetEvent("auto-event");
        private final SharedEvent all = memory.event("event");
        private final SharedLong sets = memory.atomicLong("sets");

        Sets(Context context) {
            super("event-set", context);
        }

        @Override
        void use() {
            sets.incrementAndGet();
            one.set();
            all.set();
            KillsRecords.linger();
            all.clear();
        }
    }

    private static final class Passes extends KillsSubject {
        private final SharedEvent one = memory.autoResetEvent("auto-event");
        private final SharedEvent all = memory.event("event");
        private final SharedLong sets = memory.atomicLong("sets");
        private final SharedLong passes = memory.atomicLong("passes");

        Passes(Context context) {
            super("event-wait", context);
        }

        @Override
        void use() throws InterruptedException {
            one.await();
            assertTrue(passes.incrementAndGet() <= sets.get(), "more passed than were let pass");
            all.await();
        }

        @Override
        void endWait() {
            sets.incrementAndGet();
            one.set();
            all.set();
        }

        @Override
        void assertAtRest(int parties) throws InterruptedException {
            all.clear();
            one.clear();
            assertFalse(all.await(Duration.ZERO) || one.await(Duration.ZERO));
            all.set();
            one.set();
            assertTrue(all.await(Duration.ZERO) && one.await(Duration.ZERO) && !one.isSet());
        }
    }

    /**
     * Rounds, each with a latch of its own that is removed after it has opened. They are in a region of their own, which each
     * round opens: room of removed objects is used again when no older handle is open.
     */
    private abstract static class Rounds extends KillsSubject {
        private final SharedLong round;
        private final SharedLong counted;

        Rounds(String name, Context context) {
            super(name, context);
            round = memory.atomicLong(name + "-round");
            counted = memory.atomicLong(name + "-counted");
        }

        /** Counts down; returns whether the latch has opened, or never will. */
        abstract boolean play(SharedMemory latches, String latch, long round, Runnable count, BooleanSupplier over)
                throws InterruptedException;

        @Override
        void use() throws InterruptedException {
            long current = round.get();
            String latch = name + "-" + current;
            try (SharedMemory latches = SharedMemory.open(latches(memory))) {
                if (play(latches, latch, current, counted::incrementAndGet, () -> round.get() != current)) {
                    round.compareAndSet(current, current + 1);
                }
                if (round.get() != current) {
                    latches.remove(latch);
                }
            } catch (RegionException e) {
                assertEquals(RegionException.Reason.REMOVED, e.reason(), e.getMessage());
            }
        }

        long counted() {
            return counted.get();
        }

        /** A round that is over leaves a latch only if a process was killed before it could remove it. */
        @Override
        void assertAtRest(int parties) {
            long left = SharedMemory.snapshot(latches(memory)).objects().stream()
                    .filter(object -> object.name().startsWith(name + "-"))
                    .count();
            assertTrue(left <= parties + 1, left + " latches left of " + round.get() + " rounds");
        }
    }

    private static final class Latches extends Rounds {
        Latches(Context context) {
            super("latch", context);
        }

        @Override
        boolean play(SharedMemory latches, String name, long round, Runnable count, BooleanSupplier over)
                throws InterruptedException {
            SharedLatch latch = latches.latch(name, 2);
            count.run();
            latch.countDown();
            while (!latch.await(SHORT)) {
                if (over.getAsBoolean() || context.stopped) {
                    return false;
                }
            }
            assertTrue(counted() >= 2 * (round + 1), "opened before two have counted down");
            return true;
        }
    }

    /** A death fails the latch in even rounds, and counts in odd ones. */
    private static final class OwnedLatches extends Rounds {
        OwnedLatches(Context context) {
            super("owned-latch", context);
        }

        @Override
        boolean play(SharedMemory latches, String name, long round, Runnable count, BooleanSupplier over)
                throws InterruptedException {
            OwnedLatch latch = latches.ownedLatch(
                    name, 2, round % 2 == 0 ? OwnedLatch.OnPartyDeath.FAIL : OwnedLatch.OnPartyDeath.COUNT_DOWN);
            try {
                countDown(latch, count);
                while (!latch.await(SHORT)) {
                    if (over.getAsBoolean() || context.stopped) {
                        return false;
                    }
                }
            } catch (PartyDiedException e) {
                assertEquals(0, round % 2, e.getMessage());
            }
            return true;
        }

        private void countDown(OwnedLatch latch, Runnable count) {
            LatchParty party;
            try {
                party = latch.register();
            } catch (RegionException e) {
                throw e;
            } catch (IllegalStateException e) {
                return; // it has its parties
            }
            try (party) {
                records.linger(self, Thing.PARTY);
                count.run();
                party.countDown();
            }
        }
    }

    private static final class Increments extends KillsSubject {
        private final SharedLong number = memory.atomicLong("number");

        Increments(Context context) {
            super("long", context);
        }

        @Override
        void use() throws InterruptedException {
            records.noteBegun(self);
            long mine = number.incrementAndGet();
            records.noteFinished(self);
            assertTrue(number.awaitChange(mine - 1, LONG) >= mine);
            number.awaitChange(mine, SHORT);
        }

        @Override
        void assertAtRest(int parties) {
            long begun = 0;
            long finished = 0;
            for (int party = 0; party < parties; party++) {
                begun += records.begun(party);
                finished += records.finished(party);
            }
            assertTrue(
                    finished <= number.get() && number.get() <= begun,
                    number.get() + " of " + finished + " to " + begun);
        }
    }

    /** A number that producers raise and consumers lower, with two conditions. */
    private static final class Stock extends KillsSubject {
        private final boolean producer;
        private final SharedMutex mutex = memory.mutex("stock-mutex");
        private final SharedCondition mayProduce = mutex.condition("not-full");
        private final SharedCondition mayConsume = mutex.condition("not-empty");
        private final SharedLong stock = memory.atomicLong("stock");

        Stock(boolean producer, Context context) {
            super("condition-" + (producer ? "producer" : "consumer"), context);
            this.producer = producer;
        }

        @Override
        void use() throws InterruptedException {
            try (Hold hold = mutex.acquire()) {
                awaitTurn(hold);
                if (!context.stopped) {
                    stock.addAndGet(producer ? 1 : -1);
                    (producer ? mayConsume : mayProduce).signal();
                    records.linger(self, Thing.SIGNAL);
                }
            }
        }

        private void awaitTurn(Hold hold) throws InterruptedException {
            while (true) {
                if (hold.previousOwnerDied()) {
                    // It may have changed the number and not signalled: the waiting threads return, and look at it.
                    hold.markConsistent();
                }
                assertTrue(stock.get() >= 0 && stock.get() <= STOCK, "stock of " + stock.get());
                if (context.stopped || stock.get() != (producer ? STOCK : 0)) {
                    return;
                }
                (producer ? mayProduce : mayConsume).await();
            }
        }

        @Override
        void endWait() throws InterruptedException {
            try (Hold hold = mutex.acquire()) {
                hold.markConsistent();
                mayProduce.signalAll();
                mayConsume.signalAll();
            }
        }

        @Override
        void assertAtRest(int parties) throws InterruptedException {
            endWait();
            assertEquals(0, mayProduce.waiters() + mayConsume.waiters());
            assertTrue(stock.get() >= 0 && stock.get() <= STOCK);
            assertEquals("free", mutex.snapshot().state());
        }
    }

    /** A value of several bytes, all of which are its version. */
    private static final class Values extends KillsSubject {
        private static final int BYTES = 512;

        private final SharedBytes value = memory.atomicBytes("bytes", BYTES);

        Values(Context context) {
            super("bytes", context);
        }

        @Override
        void use() throws InterruptedException {
            long version = value.version();
            assertIsWhole(version, value.get());
            byte[] next = new byte[BYTES];
            Arrays.fill(next, (byte) (version + 1));
            value.compareAndSet(version, next);
            assertTrue(value.awaitChange(version, LONG) > version);
        }

        /** The value is that of the version, or of a later one. */
        private void assertIsWhole(long version, byte[] bytes) {
            for (byte each : bytes) {
                assertEquals(bytes[0], each, "a torn value");
            }
            if (version > 0 && value.version() == version) {
                assertEquals((byte) version, bytes[0]);
            }
        }

        @Override
        void assertAtRest(int parties) throws InterruptedException {
            use();
        }
    }
}
