package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.Threads.Running;

class SharedMemoryTest {
    private static final long BYTES = SharedMemory.megabytes(1);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void create_byName_usesDirectoryOfUser() {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES)) {
            assertEquals(tmp.sharedFile("m"), memory.path());
            assertTrue(Files.exists(memory.path()));
        }
        assertTrue(Files.exists(tmp.sharedFile("m")), "a region outlives its handles");
    }

    @Test
    void open_ofInvalidName_isRefused() {
        String longest = "n".repeat(80);
        for (String name : List.of("", "a/b", "..", ".hidden", "a b", "ä", "a\0b", longest + "n")) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> SharedMemory.openOrCreate(name, BYTES));
            assertTrue(e.getMessage().startsWith("name: "), e.getMessage());
        }
        assertThrows(RegionException.class, () -> SharedMemory.open(longest), "none, but a name");
    }

    @Test
    void onConsumerDeath_null_isRefused() {
        Path path = tmp.path("region");
        try (SharedMemory memory = SharedMemory.create(path, BYTES)) {
            assertThrows(NullPointerException.class, () -> memory.boundedBuffer("x", 1, 1, null));
            assertEquals(List.of(), memory.snapshot().objects());
        }
    }

    @Test
    void snapshot_ofObjectEqualsThatOfRegion() throws InterruptedException {
        SharedMemory memory = SharedMemory.create(tmp.path("region"), BYTES);
        SharedMemory other = SharedMemory.open(tmp.path("region"));
        List<Supplier<RegionSnapshot.NamedObject>> all;
        try (memory;
                other) {
            SharedMutex mutex = memory.mutex("mutex");
            all = List.of(
                    mutex::snapshot,
                    memory.semaphore("semaphore", 3)::snapshot,
                    memory.leasedSemaphore("leased", 2)::snapshot,
                    memory.boundedBuffer("buffer", 4, 8)::snapshot,
                    memory.atomicLong("long")::snapshot);
            assertEquals(
                    memory.snapshot().objects(), all.stream().map(Supplier::get).toList());
            assertEquals("free", mutex.snapshot().state());

            Hold hold = other.mutex("mutex").acquire();
            Lease lease = memory.leasedSemaphore("leased", 2).acquire();
            memory.boundedBuffer("buffer", 4, 8).put(new byte[8]);
            Running<Long> waiter = Threads.start(() -> {
                        try (Hold taken = mutex.acquire()) {
                            return mutex.snapshot().deathsRepaired() + (taken.previousOwnerDied() ? 0 : 100);
                        }
                    })
                    .awaitAsleep();
            List<RegionSnapshot.NamedObject> now =
                    all.stream().map(Supplier::get).toList();
            assertEquals(memory.snapshot().objects(), now);
            assertEquals("held", now.get(0).state());
            assertEquals(1, now.get(0).waiters());
            RegionSnapshot.Owner owner = now.get(0).owners().get(0);
            assertEquals(ProcessHandle.current().pid(), owner.pid());
            assertTrue(owner.alive());
            assertEquals(1, now.get(2).owners().size());

            other.close();
            assertEquals(1, waiter.result());
            assertThrows(IllegalStateException.class, hold::close);
            lease.close();
        }
        all.forEach(closed -> assertThrows(IllegalStateException.class, closed::get));
    }

    @Test
    void objects_areSharedByAllHandles() {
        Path path = tmp.path("region");
        try (SharedMemory one = SharedMemory.openOrCreate(path, BYTES);
                SharedMemory two = SharedMemory.openOrCreate(path, BYTES)) {
            SharedLong number = one.atomicLong("number");
            assertSame(number, one.atomicLong("number"));
            assertEquals(0, number.get());
            number.set(40);
            assertEquals(42, two.atomicLong("number").addAndGet(2));
            assertFalse(number.compareAndSet(40, 1));
            assertTrue(number.compareAndSet(42, Long.MIN_VALUE));
            assertEquals(Long.MIN_VALUE, two.atomicLong("number").get());
            assertNotEquals(number, two.atomicLong("number"));
        }
    }

    @Test
    void objects_ofOtherType_areRefused() {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES)) {
            memory.atomicLong("x");
            for (Runnable other : List.<Runnable>of(
                    () -> memory.mutex("x"), () -> memory.semaphore("x", 0), () -> memory.boundedBuffer("x", 1, 1))) {
                RegionException e = assertThrows(RegionException.class, other::run);
                assertEquals(Reason.TYPE_MISMATCH, e.reason());
                assertTrue(e.getMessage().contains("it is a long, asked for was a "), e.getMessage());
            }
            assertThrows(IllegalArgumentException.class, () -> memory.mutex("a b"));
        }
    }

    @Test
    void objects_whenTableIsFull_areRefused() {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES)) {
            for (int i = 0; i < 256; i++) {
                memory.atomicLong("n" + i);
            }
            RegionException e = assertThrows(RegionException.class, () -> memory.atomicLong("one-more"));
            assertEquals(Reason.FULL, e.reason());
            assertEquals(0, memory.atomicLong("n255").get());
        }
    }

    @Test
    void operations_afterClose_throw() {
        SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES);
        SharedLong number = memory.atomicLong("number");
        SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 1, 1);
        LeasedSemaphore leased = memory.leasedSemaphore("leased", 1);
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, () -> memory.mutex("m"));
        assertThrows(IllegalStateException.class, () -> memory.atomicLong("number"));
        assertThrows(IllegalStateException.class, memory::delete);
        assertThrows(IllegalStateException.class, number::get);
        assertThrows(IllegalStateException.class, () -> number.set(1));
        assertThrows(IllegalStateException.class, () -> number.addAndGet(1));
        assertThrows(IllegalStateException.class, () -> number.compareAndSet(0, 1));
        assertThrows(IllegalStateException.class, () -> buffer.put(new byte[1]));
        assertThrows(IllegalStateException.class, () -> buffer.offer(new byte[1]));
        assertThrows(IllegalStateException.class, buffer::take);
        assertThrows(IllegalStateException.class, buffer::poll);
        assertThrows(IllegalStateException.class, buffer::size);
        assertThrows(IllegalStateException.class, buffer::takeUnacked);
        assertThrows(IllegalStateException.class, buffer::pollUnacked);
        assertThrows(IllegalStateException.class, leased::acquire);
        assertThrows(IllegalStateException.class, leased::tryAcquire);
        assertThrows(IllegalStateException.class, leased::availablePermits);
        assertTrue(memory.toString().endsWith("(closed)"));
    }

    @Test
    void close_keepsContent() {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES)) {
            memory.atomicLong("number").set(7);
            memory.boundedBuffer("buffer", 2, 3).offer(new byte[] {1, 2, 3});
        }
        try (SharedMemory memory = SharedMemory.open(tmp.name("m"))) {
            assertEquals(7, memory.atomicLong("number").get());
            assertEquals(3, memory.boundedBuffer("buffer", 2, 3).poll().length);
        }
    }

    @Test
    void delete_freesNameAndRefusesOpening() {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES)) {
            memory.atomicLong("number").set(7);
            memory.delete();
            memory.delete();
            assertFalse(Files.exists(memory.path()));
            RegionException e = assertThrows(RegionException.class, () -> SharedMemory.open(tmp.name("m")));
            assertEquals(Reason.NOT_FOUND, e.reason());
            try (SharedMemory next = SharedMemory.openOrCreate(tmp.name("m"), BYTES)) {
                assertEquals(0, next.atomicLong("number").get());
            }
        }
    }

    @Test
    void snapshot_showsParticipantsAndObjects() {
        Path path = tmp.sharedFile("m");
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), BYTES)) {
            memory.mutex("lock");
            memory.boundedBuffer("buffer", 4, 32);
            SharedMemory.open(tmp.name("m")).close();
            RegionSnapshot info = SharedMemory.snapshot(path);
            assertEquals(path, info.path());
            assertEquals(BYTES, info.bytes());
            assertTrue(info.freeBytes() > BYTES / 2 && info.freeBytes() < BYTES, "" + info.freeBytes());
            assertEquals(1, info.participants().size(), "" + info);
            assertEquals(
                    ProcessHandle.current().pid(), info.participants().get(0).pid());
            assertTrue(info.participants().get(0).alive());
            assertEquals(
                    List.of(
                            new RegionSnapshot.NamedObject("lock", "mutex", List.of(), 128, "free", List.of(), 0, 0),
                            new RegionSnapshot.NamedObject(
                                    "buffer",
                                    "bounded buffer",
                                    List.of(4, 32, 0),
                                    320 + 4 * 48,
                                    "0 of 4 filled",
                                    List.of(),
                                    0,
                                    0)),
                    info.objects());
        }
        assertEquals(List.of(), SharedMemory.snapshot(path).participants());
    }

    @Test
    void snapshot_ofOtherFile_isRefused() {
        RegionException e = assertThrows(RegionException.class, () -> SharedMemory.snapshot(tmp.path("none")));
        assertEquals(Reason.NOT_FOUND, e.reason());
        e = assertThrows(RegionException.class, () -> SharedMemory.snapshot(tmp.directory()));
        assertEquals(Reason.NOT_A_REGION, e.reason());
    }

    @Test
    void create_ofLargestSize_succeeds() {
        // Sparse memory would do, but space is reserved: only where there is enough.
        org.junit.jupiter.api.Assumptions.assumeTrue(
                tmp.directory().toFile().getUsableSpace() > 3L << 30, "needs 2 GiB of disk");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                org.processmanager.fixtures.Soak.enabled(), "writes 2 GiB, in the soak alone");
        try (SharedMemory memory = SharedMemory.create(tmp.path("large"), 1L << 31)) {
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 1_000_000, 2000);
            buffer.offer(new byte[2000]);
            assertEquals(2000, buffer.poll().length);
        }
    }
}
