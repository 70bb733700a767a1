package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.Threads.Running;

/** Readers and writers that are killed: a dead reader is ignored, a dead writer is reported once, and no thread is stuck. */
class ReadWriteCrashIT {
    private static final int READERS = 20;

    @RegisterExtension
    final TestRegion region = new TestRegion();

    private SharedMemory memory;
    private SharedReadWriteLock lock;

    @BeforeEach
    void open() {
        memory = region.memory();
        lock = memory.readWriteLock("lock");
    }

    private Running<Boolean> write() {
        return Threads.start(() -> {
            try (Hold hold = lock.acquireWrite()) {
                return hold.previousOwnerDied();
            }
        });
    }

    private Running<Boolean> read() {
        return Threads.start(() -> {
            try (ReadHold hold = lock.acquireRead()) {
                if (hold.previousOwnerDied()) {
                    hold.markConsistent();
                }
                return hold.previousOwnerDied();
            }
        });
    }

    @Test
    @Scenario("research-sync/42")
    void halfOfTheReaders_killed_writerEnters() {
        try (ChildJvm killed = region.party();
                ChildJvm closed = region.party()) {
            killed.call("read", "lock", READERS);
            closed.call("read", "lock", READERS);
            Running<Boolean> writer = write().awaitAsleep();
            killed.kill9();
            assertFalse(writer.isDone(), "half of the readers live");
            closed.call("close");
            assertFalse(writer.result());
        }
        assertEquals("free", lock.snapshot().state());
    }

    @Test
    @Scenario("research-sync/43")
    void writer_killed_oneReaderIsTold() {
        try (ChildJvm writer = region.party()) {
            writer.call("write", "lock");
            Running<Boolean> first = read().awaitAsleep();
            Running<Boolean> second = read().awaitAsleep();
            writer.kill9();
            assertEquals(1, (first.result() ? 1 : 0) + (second.result() ? 1 : 0));
        }
        assertFalse(write().result());
        assertEquals(1, lock.snapshot().deathsRepaired());
    }

    /** The steps of a writer and of a reader, and whether the data may be inconsistent after a death there. */
    @ParameterizedTest
    @CsvSource({
        "rwlock.closed, write, true",
        "rwlock.opened, writeOnce, false",
        "mutex.taken, write, false",
        "rwlock.counted, readOnce, false",
    })
    void party_killedAtAStep_leavesAUsableLock(String step, String command, boolean inconsistent) {
        try (ChildJvm party = region.victim(step)) {
            party.send(command, "lock");
            CrashPoints.assertCrashed(party);
        }
        assertEquals(inconsistent, read().result());
        assertFalse(write().result());
        assertTrue(lock.snapshot().state().startsWith("free"));
    }

    @Test
    void waitingReader_killed_delaysNoWriter() {
        try (ChildJvm reader = region.victim("rwlock.reader-flagged")) {
            Running<Boolean> writer = Threads.start(() -> {
                try (Hold hold = lock.acquireWrite()) {
                    reader.send("readOnce", "lock");
                    CrashPoints.assertCrashed(reader);
                    return hold.isValid();
                }
            });
            assertTrue(writer.result());
        }
        assertFalse(write().result());
    }
}
