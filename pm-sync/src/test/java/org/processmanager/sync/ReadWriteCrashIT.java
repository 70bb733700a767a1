package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Readers and writers that are killed: a dead reader is ignored, a dead writer is reported once, and no thread is stuck. */
class ReadWriteCrashIT {
    private static final int READERS = 20;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;
    private SharedReadWriteLock lock;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("rw"));
        memory = SharedMemory.create(tmp.name("rw"), Party.BYTES);
        lock = memory.readWriteLock("lock");
    }

    @AfterEach
    void close() {
        memory.close();
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
        try (ChildJvm killed = ChildJvm.start(Party.class);
                ChildJvm closed = ChildJvm.start(Party.class)) {
            killed.call("open", path);
            closed.call("open", path);
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
        try (ChildJvm writer = ChildJvm.start(Party.class)) {
            writer.call("open", path);
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
        try (ChildJvm party = CrashPoints.start(Party.class, step, 1)) {
            party.call("open", path);
            party.send(command, "lock");
            CrashPoints.assertCrashed(party);
        }
        assertEquals(inconsistent, read().result());
        assertFalse(write().result());
        assertTrue(lock.snapshot().state().startsWith("free"));
    }

    @Test
    void waitingReader_killed_delaysNoWriter() {
        try (ChildJvm reader = CrashPoints.start(Party.class, "rwlock.reader-flagged", 1)) {
            reader.call("open", path);
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
