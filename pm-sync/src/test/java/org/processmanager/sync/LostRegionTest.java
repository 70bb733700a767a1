package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;

/** A handle of a region that was deleted or replaced is refused by everything, so that two groups never both own a mutex. */
class LostRegionTest {
    private static final long BYTES = SharedMemory.megabytes(1);
    private static final Duration BOUND = Duration.ofSeconds(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMutex mutex;
    private SharedSemaphore semaphore;
    private LeasedSemaphore leased;
    private SharedBoundedBuffer buffer;
    private SharedLong number;
    private Hold hold;
    private Lease lease;
    private UnackedItem item;
    private UnackedItem otherItem;

    @BeforeEach
    void open() throws InterruptedException {
        memory = SharedMemory.create(tmp.path("region"), BYTES);
        mutex = memory.mutex("mutex");
        semaphore = memory.semaphore("semaphore", 3);
        leased = memory.leasedSemaphore("leased", 3);
        buffer = memory.boundedBuffer("buffer", 8, 8);
        number = memory.atomicLong("number");
        hold = mutex.acquire();
        lease = leased.acquire();
        for (int i = 0; i < 4; i++) {
            assertTrue(buffer.offer(new byte[1]));
        }
        item = buffer.takeUnacked();
        otherItem = buffer.takeUnacked();
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    @Scenario("public-sync/1")
    void use_afterDeletionByAnother_throws() throws Exception {
        try (SharedMemory other = SharedMemory.open(memory.path())) {
            other.delete();
            assertThrows(RegionException.class, () -> other.atomicLong("number"));
        }
        assertAllRefused(Reason.DELETED);
    }

    @Test
    @Scenario("public-sync/2")
    void use_afterReplacement_throws() throws Exception {
        Files.delete(memory.path());
        assertAllRefused(Reason.REPLACED);
    }

    private void assertAllRefused(Reason reason) throws Exception {
        try (SharedMemory successor = SharedMemory.openOrCreate(memory.path(), BYTES);
                Hold successors = successor.mutex("mutex").acquire()) {
            Eventually.assertThat(BOUND, "the hold is lost", () -> !hold.isValid());
            assertFalse(lease.isValid());
            assertFalse(mutex.isHeldByCurrentThread());
            for (Map.Entry<String, Executable> operation : operations().entrySet()) {
                RegionException e = assertThrows(RegionException.class, operation.getValue(), operation.getKey());
                assertEquals(reason, e.reason(), operation.getKey());
            }
            assertTrue(successors.isValid());
            assertNotNull(successor.leasedSemaphore("leased", 3).tryAcquire(3));
            memory.delete(); // of a file that has no name
            assertTrue(Files.exists(successor.path()));
        }
    }

    /** All that uses the region, in an order in which each could succeed. */
    private Map<String, Executable> operations() {
        Map<String, Executable> all = new LinkedHashMap<>();
        all.put("nested acquire", mutex::acquire);
        all.put("nested tryAcquire", mutex::tryAcquire);
        all.put("fencing token", hold::fencingToken);
        all.put("mark consistent", hold::markConsistent);
        all.put("previous owner", mutex::previousOwnerDied);
        all.put("release of the hold", hold::close);
        all.put("acquire", mutex::acquire);
        all.put("acquire uninterruptibly", mutex::acquireUninterruptibly);
        all.put("tryAcquire", mutex::tryAcquire);
        all.put("tryAcquire, no time", () -> mutex.tryAcquire(Duration.ZERO));
        all.put("tryAcquire, some time", () -> mutex.tryAcquire(Duration.ofMillis(1)));
        all.put("lock", () -> mutex.asLock().lock());
        all.put("tryLock", () -> mutex.asLock().tryLock());
        all.put("reset", mutex::reset);
        all.put("mutex state", mutex::snapshot);

        all.put("permit", semaphore::acquire);
        all.put("permit if there is one", semaphore::tryAcquire);
        all.put("permit within no time", () -> semaphore.tryAcquire(Duration.ZERO));
        all.put("drain", semaphore::drainPermits);
        all.put("release", semaphore::release);
        all.put("available", semaphore::availablePermits);

        all.put("lease's token", lease::fencingToken);
        all.put("release of the lease", lease::close);
        all.put("lease", leased::acquire);
        all.put("lease if there is one", leased::tryAcquire);
        all.put("leases", () -> leased.tryAcquire(2));
        all.put("too many leases", () -> leased.tryAcquire(3));
        all.put("leases within some time", () -> leased.tryAcquire(3, Duration.ofMillis(1)));
        all.put("available leases", leased::availablePermits);

        all.put("item", item::bytes);
        all.put("ack", item::ack);
        all.put("give back", otherItem::close);
        all.put("put", () -> buffer.put(new byte[1]));
        all.put("put of a buffer", () -> buffer.put(ByteBuffer.allocate(1)));
        all.put("offer", () -> buffer.offer(new byte[1]));
        all.put("offer within no time", () -> buffer.offer(new byte[1], Duration.ZERO));
        all.put("take", buffer::take);
        all.put("poll", buffer::poll);
        all.put("take unacknowledged", buffer::takeUnacked);
        all.put("poll unacknowledged", buffer::pollUnacked);
        all.put("peek", buffer::peek);
        all.put("drain to", () -> buffer.drainTo(new ArrayList<>()));
        all.put("clear", buffer::clear);
        all.put("size", buffer::size);

        all.put("get", number::get);
        all.put("set", () -> number.set(1));
        all.put("add", () -> number.addAndGet(1));
        all.put("compare and set", () -> number.compareAndSet(0, 1));

        all.put("new mutex", () -> memory.mutex("new"));
        all.put("known mutex", () -> memory.mutex("mutex"));
        all.put("remove", () -> memory.remove("number"));
        all.put("state", memory::snapshot);
        return all;
    }

    /** What it does not get is null or false otherwise, for ever. */
    @Test
    @Scenario("public-sync/3")
    void poll_forWhatOthersHold_throws() throws Exception {
        try (SharedMemory polling = SharedMemory.open(memory.path())) {
            SharedMutex held = polling.mutex("mutex");
            SharedSemaphore none = polling.semaphore("semaphore", 3);
            LeasedSemaphore taken = polling.leasedSemaphore("leased", 3);
            SharedBoundedBuffer empty = polling.boundedBuffer("buffer", 8, 8);
            assertNotNull(leased.tryAcquire(2));
            assertEquals(3, semaphore.drainPermits());
            buffer.clear();
            assertNull(held.tryAcquire());
            assertFalse(none.tryAcquire());
            assertNull(taken.tryAcquire());
            assertNull(empty.poll());
            Files.delete(memory.path());
            Map<String, Executable> polls = new LinkedHashMap<>();
            polls.put("mutex", held::tryAcquire);
            polls.put("mutex within no time", () -> held.tryAcquire(Duration.ZERO));
            polls.put("lock", () -> held.asLock().tryLock());
            polls.put("semaphore", none::tryAcquire);
            polls.put("semaphore within no time", () -> none.tryAcquire(Duration.ZERO));
            polls.put("drain", none::drainPermits);
            polls.put("lease", taken::tryAcquire);
            polls.put("leases", () -> taken.tryAcquire(2));
            polls.put("lease within no time", () -> taken.tryAcquire(Duration.ZERO));
            polls.put("item", empty::poll);
            polls.put("unacknowledged item", empty::pollUnacked);
            polls.put("item within no time", () -> empty.poll(Duration.ZERO));
            Eventually.assertThat(BOUND, "the region is lost", () -> isRefused(held::tryAcquire));
            for (Map.Entry<String, Executable> poll : polls.entrySet()) {
                assertTrue(isRefused(poll.getValue()), poll.getKey());
            }
        }
    }

    private static boolean isRefused(Executable operation) {
        try {
            operation.execute();
            return false;
        } catch (RegionException e) {
            return e.reason() == Reason.REPLACED;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
