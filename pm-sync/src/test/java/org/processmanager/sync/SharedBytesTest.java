package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.mutex.RobustMutex;

class SharedBytesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedBytes bytes;
    private SharedBytes seen;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("b"), SharedMemory.megabytes(2));
        other = SharedMemory.open(tmp.name("b"));
        bytes = memory.atomicBytes("b", 5);
        seen = other.atomicBytes("b", 5);
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(SharedBytes bytes) {
        return new String(bytes.get(), StandardCharsets.US_ASCII);
    }

    @Test
    void value_isSharedByAllHandles() {
        assertSame(bytes, memory.atomicBytes("b", 5));
        assertEquals(0, seen.version());
        assertEquals("", text(seen));
        assertEquals("0 of 5 bytes, version 0", seen.snapshot().state());
        for (String value : List.of("one", "", "three", "x")) {
            long version = bytes.version();
            assertEquals(version + 1, bytes.set(text(value)));
            assertEquals(version + 1, seen.version());
            assertEquals(value, text(seen));
        }
        assertEquals("1 of 5 bytes, version 4", seen.snapshot().state());
        assertEquals(5, seen.maxBytes());
        assertEquals("b", seen.name());
    }

    @Test
    void buffers_areReadAndWrittenAtTheirPositions() {
        ByteBuffer source = ByteBuffer.wrap(text("-four--")).position(1).limit(5);
        assertEquals(1, bytes.set(source));
        assertEquals(0, source.remaining());
        ByteBuffer target = ByteBuffer.allocateDirect(9).position(2);
        assertEquals(4, seen.get(target));
        assertEquals(6, target.position());
        assertEquals(ByteBuffer.wrap(text("four")), target.flip().position(2));
        assertTrue(bytes.compareAndSet(1, source.position(2)));
        assertEquals(0, source.remaining());
        assertFalse(bytes.compareAndSet(1, source.position(2)));
        assertEquals(3, source.remaining());
        assertEquals("our", text(seen));
    }

    @Test
    void value_thatDoesNotFit_isRefused() {
        bytes.set(text("value"));
        ByteBuffer six = ByteBuffer.allocate(6);
        for (Executable refused : List.<Executable>of(
                () -> bytes.set(new byte[6]),
                () -> bytes.set(six),
                () -> bytes.compareAndSet(1, new byte[6]),
                () -> bytes.compareAndSet(0, six),
                () -> seen.get(six.duplicate().limit(4)))) {
            assertThrows(IllegalArgumentException.class, refused);
        }
        assertThrows(java.nio.ReadOnlyBufferException.class, () -> bytes.get(six.asReadOnlyBuffer()));
        assertEquals(6, six.remaining());
        assertEquals("value", text(seen));
        assertEquals(1, seen.version());
    }

    @Test
    void compareAndSet_ofOtherVersion_changesNothing() {
        assertTrue(bytes.compareAndSet(0, text("one")));
        assertFalse(seen.compareAndSet(0, text("two")));
        assertTrue(seen.compareAndSet(1, text("two")));
        assertEquals("two", text(bytes));
        assertEquals(2, bytes.version());
    }

    @Test
    void compareAndSet_byManyThreads_losesNoUpdate() {
        int each = Soak.scaled(50_000, 500);
        AtomicInteger next = new AtomicInteger();
        Threads.runAll(4, thread -> {
            SharedBytes mine = next.getAndIncrement() % 2 == 0 ? bytes : seen;
            for (int i = 0; i < each; i++) {
                long version;
                do {
                    version = mine.version();
                } while (!mine.compareAndSet(version, text("" + (number(mine.get()) + 1))));
            }
        });
        assertEquals(4 * each, number(bytes.get()));
        assertEquals(4 * each, bytes.version());
    }

    private static int number(byte[] value) {
        return value.length == 0 ? 0 : Integer.parseInt(new String(value, StandardCharsets.US_ASCII));
    }

    /** Each value is made of equal bytes, and its length tells which. */
    @Test
    void readers_underWriters_neverSeeTornValues() {
        int largest = 20_000;
        int rounds = Soak.scaled(100_000, 1_000);
        SharedBytes written = memory.atomicBytes("large", largest);
        SharedBytes read = other.atomicBytes("large", largest);
        written.set(new byte[largest]);
        AtomicInteger left = new AtomicInteger(2);
        Threads.runAll(4, thread -> {
            ByteBuffer buffer = ByteBuffer.allocate(largest);
            if (thread < 2) {
                for (int i = 0; i < rounds; i++) {
                    int length = largest - (i * 7 + thread) % 100;
                    byte[] value = new byte[length];
                    Arrays.fill(value, (byte) (largest - length));
                    written.set(value);
                }
                left.decrementAndGet();
            } else {
                long last = 0;
                while (left.get() > 0) {
                    long version = read.version();
                    assertTrue(version >= last);
                    last = version;
                    int length = read.get(buffer.clear());
                    byte[] expected = new byte[length];
                    Arrays.fill(expected, (byte) (largest - length));
                    assertArrayEquals(expected, Arrays.copyOf(buffer.array(), length));
                }
            }
        });
        assertEquals(2L * rounds + 1, read.version());
    }

    @Test
    void awaitChange_seesEachVersion() throws InterruptedException {
        Running<String> waiter = Threads.start(() -> {
                    long version = seen.awaitChange(0);
                    return version + text(seen);
                })
                .awaitAsleep();
        bytes.set(text("new"));
        assertEquals("1new", waiter.result());
        assertEquals(1, seen.awaitChange(1, Duration.ofMillis(1)));
        assertEquals(1, seen.awaitChange(0, LONG));
        assertEquals(1, seen.awaitChangeUninterruptibly(-1));
    }

    /** A writer that stays in the middle, as that of a suspended process does. */
    @Test
    @Scenario("values/4")
    void writer_thatDoesNotContinue_blocksNoReader() throws InterruptedException {
        bytes.set(text("one"));
        new RobustMutex(other.region, other.region.objects().find("b", SyncObjectTypes.BYTES)).lock();
        assertEquals("one", text(seen));
        Running<Long> writer = Threads.start(() -> bytes.set(text("two"))).awaitAsleep();
        writer.thread().interrupt();
        assertEquals("one", text(bytes));
        assertEquals(1, bytes.snapshot().owners().size());
        assertFalse(writer.isDone());
        other.close(); // for the others the writer is dead then
        assertEquals(2, writer.result());
        assertEquals("two", text(bytes));
    }

    @Test
    void set_byInterruptedThread_keepsInterrupt() {
        Thread.currentThread().interrupt();
        bytes.set(text("one"));
        assertEquals("one", text(bytes));
        assertTrue(Thread.interrupted());
    }

    @Test
    void operations_afterCloseOrRemoval_throw() {
        bytes.set(text("one"));
        memory.close();
        SharedBytes removed = seen;
        for (Executable late : operations(bytes)) {
            assertThrows(IllegalStateException.class, late);
        }
        assertEquals("one", text(removed));
        other.remove("b");
        for (Executable late : operations(removed)) {
            assertEquals(
                    RegionException.Reason.REMOVED,
                    assertThrows(RegionException.class, late).reason());
        }
        assertEquals(0, other.atomicBytes("b", 5).version());
    }

    private static List<Executable> operations(SharedBytes bytes) {
        return List.of(
                bytes::get,
                () -> bytes.get(ByteBuffer.allocate(5)),
                () -> bytes.set(text("two")),
                () -> bytes.set(ByteBuffer.allocate(1)),
                () -> bytes.compareAndSet(0, text("two")),
                () -> bytes.compareAndSet(1, text("two")),
                bytes::version,
                bytes::snapshot,
                () -> bytes.awaitChange(0),
                () -> bytes.awaitChange(1, LONG),
                () -> bytes.awaitChangeUninterruptibly(1));
    }

    @Test
    void damagedLength_isReported() {
        int length = memory.region.objects().find("b", SyncObjectTypes.BYTES).offset() + 136;
        for (int damaged : new int[] {-1, 6, Integer.MAX_VALUE}) {
            memory.region.memory().putInt(length, damaged);
            RegionException e = assertThrows(RegionException.class, bytes::get);
            assertEquals(RegionException.Reason.CORRUPT, e.reason());
            assertThrows(RegionException.class, () -> bytes.get(ByteBuffer.allocate(5)));
        }
        bytes.set(text("new"));
        assertEquals("new", text(seen));
    }
}
