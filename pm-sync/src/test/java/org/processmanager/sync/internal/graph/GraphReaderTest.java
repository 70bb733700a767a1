package org.processmanager.sync.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.WaitSource;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.layout.WaitRecord;
import org.processmanager.sync.internal.region.object.ObjectHandler.OwnerWord;
import org.processmanager.sync.internal.region.object.ObjectHandler.Role;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Which cycles are certain, for every state in which a region may be read. Threads are numbers, each a process of its own. */
class GraphReaderTest {
    private static final int X = 1000;
    private static final int Y = 2000;

    /** A region as it was read: twice its waits, once its owners. */
    private static final class Reading implements WaitSource {
        private final UUID id = UUID.randomUUID();
        private final List<Waiter> before = new ArrayList<>();
        private final List<Waiter> after = new ArrayList<>();
        private final List<Object[]> owners = new ArrayList<>();
        private boolean wasRead;

        Reading waits(int thread, int object) {
            return waits(thread, object, WaitLayout.ACQUIRE);
        }

        Reading waits(int thread, int object, int purpose) {
            return wait(thread, object, purpose, 2, 2, false);
        }

        Reading wait(int thread, int object, int purpose, int version, int later, boolean limited) {
            before.add(waiter(thread, object, purpose, version, limited));
            after.add(waiter(thread, object, purpose, later, limited));
            return this;
        }

        Reading owns(int thread, int object, Role role) {
            return owner(object, role, thread, thread, true);
        }

        Reading owner(int object, Role role, int participant, int thread, boolean alive) {
            OwnerWord word = new OwnerWord(role, participant, thread, "", 0);
            owners.add(new Object[] {object, new Owner(word, key(participant, thread), "app", alive)});
            return this;
        }

        private static Waiter waiter(int thread, int object, int purpose, int version, boolean limited) {
            WaitRecord record =
                    new WaitRecord(thread, thread, version, object, purpose, limited, thread, thread, "t" + thread);
            return new Waiter(record, key(thread, thread), "app");
        }

        private static ThreadKey key(int participant, int thread) {
            return new ThreadKey(100 + participant, 0, thread);
        }

        @Override
        public Path path() {
            return Path.of("/region");
        }

        @Override
        public UUID id() {
            return id;
        }

        @Override
        public List<Waiter> waiters() {
            List<Waiter> now = wasRead ? after : before;
            wasRead = true;
            return now;
        }

        @Override
        public int unlisted() {
            return 0;
        }

        @Override
        public List<RegionObject> objects() {
            return List.of(
                    new RegionObject("x", SyncObjectTypes.MUTEX, new int[0], X, 128),
                    new RegionObject("y", SyncObjectTypes.READ_WRITE_LOCK, new int[0], Y, 1024));
        }

        @Override
        public List<Owner> owners(RegionObject object) {
            return owners.stream()
                    .filter(owner -> (int) owner[0] == object.offset())
                    .map(owner -> (Owner) owner[1])
                    .collect(Collectors.toList());
        }

        /** The threads of each deadlock. */
        String deadlocks() {
            return GraphReader.read(List.of(this)).deadlocks().stream()
                    .map(deadlock -> deadlock.waits().stream()
                            .map(WaitGraph.Wait::threadName)
                            .collect(Collectors.joining(" ")))
                    .collect(Collectors.joining(", "));
        }
    }

    private static Reading twoThreads() {
        return new Reading().owns(1, X, Role.EXCLUSIVE).owns(2, Y, Role.EXCLUSIVE);
    }

    @Test
    void twoThreads_inEachOthersWay_areADeadlock() {
        assertEquals("t1 t2", twoThreads().waits(1, Y).waits(2, X).deadlocks());
        assertEquals("", twoThreads().waits(1, Y).deadlocks());
        assertEquals("t1 t2", twoThreads().waits(3, X).waits(1, Y).waits(2, X).deadlocks());
    }

    @Test
    @Scenario("waits/7")
    void wait_thatEnded_isNone() {
        assertEquals(
                "",
                twoThreads()
                        .waits(1, Y)
                        .wait(2, X, WaitLayout.ACQUIRE, 2, 4, false)
                        .deadlocks());
        assertEquals(
                "",
                twoThreads()
                        .waits(1, Y)
                        .wait(2, X, WaitLayout.ACQUIRE, 3, 3, false)
                        .deadlocks());
    }

    @Test
    void limitedWait_isNone() {
        Reading reading = twoThreads().waits(1, Y).wait(2, X, WaitLayout.ACQUIRE, 2, 2, true);
        assertEquals("", reading.deadlocks());
        assertEquals(List.of(), GraphReader.read(List.of()).waits());
    }

    @Test
    void owner_thatIsUncertain_isNone() {
        Reading one = new Reading().owns(1, X, Role.EXCLUSIVE).waits(1, Y).waits(2, X);
        assertEquals("", one.owner(Y, Role.EXCLUSIVE, 2, 2, false).deadlocks(), "it is dead");
        one = new Reading().owns(1, X, Role.EXCLUSIVE).waits(1, Y).waits(2, X);
        assertEquals("", one.owner(Y, Role.EXCLUSIVE, 2, 0, true).deadlocks(), "its thread is not recorded yet");
        one = new Reading().owns(1, X, Role.EXCLUSIVE).waits(1, Y).waits(2, X);
        assertEquals("", one.owns(2, Y, Role.PART).deadlocks(), "another thread may release");
    }

    @Test
    @Scenario("waits/7")
    void threadThatJustAcquired_isNone() {
        assertEquals("", new Reading().owns(1, X, Role.EXCLUSIVE).waits(1, X).deadlocks());
    }

    @Test
    void threadThatWaitsForItself_isADeadlock() {
        Reading handles = new Reading().waits(1, X);
        handles.owners.add(new Object[] {
            X,
            new WaitSource.Owner(
                    new OwnerWord(Role.EXCLUSIVE, 7, 1, "", 0), Reading.key(1, 1), "app", true) // another handle
        });
        assertEquals("t1", handles.deadlocks());
    }

    @Test
    void reader_isInTheWayOfTheWriter_notOfOthers() {
        // 1 reads y and waits for x, which 2 owns, which writes y
        Reading reading = new Reading()
                .waits(1, X)
                .wait(1, Y, WaitLayout.READS, 2, 2, false)
                .owns(2, X, Role.EXCLUSIVE)
                .owns(2, Y, Role.EXCLUSIVE)
                .owner(Y, Role.READ, 1, 0, true)
                .waits(2, Y, WaitLayout.AWAIT_READERS);
        assertEquals("t1 t2", reading.deadlocks());
        reading = new Reading()
                .waits(1, X)
                .wait(1, Y, WaitLayout.READS, 2, 2, false)
                .owns(2, X, Role.EXCLUSIVE)
                .owner(Y, Role.READ, 1, 0, true)
                .waits(2, Y, WaitLayout.READ);
        assertEquals("", reading.deadlocks(), "a reader does not wait for readers");
        reading = new Reading()
                .waits(1, X)
                .owns(2, X, Role.EXCLUSIVE)
                .owns(2, Y, Role.EXCLUSIVE)
                .owner(Y, Role.READ, 1, 0, true)
                .waits(2, Y, WaitLayout.AWAIT_READERS);
        assertEquals("", reading.deadlocks(), "another thread of that process may read");
    }

    @Test
    void updater_isInTheWayOfWriters_notOfReaders() {
        Reading reading = new Reading().waits(1, X).owns(1, Y, Role.UPDATE).owns(2, X, Role.EXCLUSIVE);
        assertEquals("t1 t2", reading.waits(2, Y, WaitLayout.WRITE).deadlocks());
        reading = new Reading().waits(1, X).owns(1, Y, Role.UPDATE).owns(2, X, Role.EXCLUSIVE);
        assertEquals("", reading.waits(2, Y, WaitLayout.READ).deadlocks());
    }

    @Test
    void writer_waitsForEachReader() {
        // 3 and 4 read y, 5 waits for them to leave, and 4 waits for 5
        Reading reading = new Reading()
                .wait(3, Y, WaitLayout.READS, 2, 2, false)
                .owner(Y, Role.READ, 3, 0, true)
                .wait(4, Y, WaitLayout.READS, 2, 2, false)
                .owner(Y, Role.READ, 4, 0, true)
                .waits(4, X)
                .owns(5, X, Role.EXCLUSIVE)
                .waits(5, Y, WaitLayout.AWAIT_READERS);
        assertEquals("t4 t5", reading.deadlocks());
    }
}
