package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.FlavourWork.LONG;
import static org.processmanager.sync.FlavourWork.WORKERS;
import static org.processmanager.sync.FlavourWork.meet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** What one worker of {@link FlavoursIT} does with values and arrays. */
final class ValueWork {
    private static final int LENGTH = 10;
    private static final int WRITERS = WORKERS / 2;

    private ValueWork() {}

    static void addTo(Map<String, FlavourWork.Task> tasks) {
        tasks.put("value.set", (memory, worker, times) -> set(memory, worker));
        tasks.put("value.count", ValueWork::count);
        tasks.put("value.sums", (memory, worker, times) -> sums(memory, worker));
        tasks.put("value.blocks", (memory, worker, times) -> blocks(memory, worker));
        tasks.put("value.write", ValueWork::write);
        tasks.put("value.follow", ValueWork::follow);
    }

    /** Each in turn sets all values, and the others see them. */
    private static String set(SharedMemory memory, int worker) throws Exception {
        SharedLong number = memory.atomicLong("long");
        SharedInt small = memory.atomicInt("int");
        SharedBoolean flag = memory.atomicBoolean("boolean");
        SharedBytes text = memory.atomicBytes("bytes", 8);
        for (int turn = 0; turn < WORKERS; turn++) {
            meet(memory);
            if (turn == worker) {
                text.set(new byte[] {(byte) turn});
                flag.set(turn % 2 == 0);
                small.set(-turn - 1);
                number.set(Long.MAX_VALUE - turn);
            }
            assertEquals(-turn - 1, small.awaitChange(-turn, LONG));
            assertEquals(turn % 2 == 0, flag.awaitChange(turn % 2 != 0, LONG));
            assertEquals(turn + 1, text.awaitChange(turn, LONG));
            assertArrayEquals(new byte[] {(byte) turn}, text.get());
            number.awaitChange(turn == 0 ? 0 : Long.MAX_VALUE - turn + 1, LONG);
            assertEquals(Long.MAX_VALUE - turn, number.get());
        }
        return "";
    }

    /** Counts in all ways: by atomic updates, and under a lock made of a boolean. */
    private static String count(SharedMemory memory, int worker, int times) throws Exception {
        SharedInt count = memory.atomicInt("count");
        SharedLongArray counts = memory.longs("counts", WORKERS);
        SharedBoolean taken = memory.atomicBoolean("taken");
        SharedByteArray plain = memory.bytes("plain", Integer.BYTES);
        for (int i = 0; i < times; i++) {
            count.incrementAndGet();
            counts.getAndAdd((worker + i) % WORKERS, 1);
            while (!taken.compareAndSet(false, true)) {
                taken.awaitChange(true, LONG);
            }
            plain.putInt(0, plain.getInt(0) + 1);
            taken.set(false);
        }
        return "";
    }

    /** Each in turn changes all numbers of an array to the sums up to them. */
    private static String sums(SharedMemory memory, int worker) throws Exception {
        SharedLongArray numbers = memory.longs("numbers", LENGTH);
        assertEquals(0, numbers.get(0) | numbers.get(LENGTH - 1));
        meet(memory);
        if (worker == 0) {
            for (int i = 0; i < LENGTH; i++) {
                numbers.set(i, i + 1);
            }
        }
        long[] expected = new long[LENGTH];
        Arrays.setAll(expected, i -> i + 1);
        for (int turn = 0; turn < WORKERS; turn++) {
            Arrays.parallelPrefix(expected, Long::sum);
            meet(memory);
            if (turn == worker) {
                for (int i = 1; i < LENGTH; i++) {
                    numbers.addAndGet(i, numbers.get(i - 1));
                }
            }
            meet(memory);
            for (int i = 0; i < LENGTH; i++) {
                assertEquals(expected[i], numbers.get(i));
            }
        }
        return "";
    }

    /** Each writes a part of one block through a handle of its own, and reads those of the others. */
    private static String blocks(SharedMemory memory, int worker) throws Exception {
        try (SharedMemory mine = SharedMemory.open(memory.path())) {
            SharedByteArray block = mine.bytes("block", WORKERS * LENGTH);
            byte[] part = new byte[LENGTH];
            Arrays.fill(part, (byte) (worker + 1));
            block.put(worker * LENGTH, part);
            meet(memory);
            ByteBuffer whole = ByteBuffer.allocate(WORKERS * LENGTH);
            block.get(0, whole);
            for (int i = 0; i < WORKERS * LENGTH; i++) {
                assertEquals(i / LENGTH + 1, whole.get(i));
            }
        }
        meet(memory);
        assertEquals(WORKERS, memory.bytes("block", WORKERS * LENGTH).get(WORKERS * LENGTH - 1));
        return "";
    }

    private static String write(SharedMemory memory, int worker, int times) {
        SharedBytes value = memory.atomicBytes("value", 1_000);
        for (int i = 0; i < times; i++) {
            byte[] bytes = new byte[1 + (i * 31 + worker) % 1_000];
            Arrays.fill(bytes, (byte) bytes.length);
            value.set(bytes);
        }
        return "";
    }

    /** Follows the value until the last version; each one seen is whole. */
    private static String follow(SharedMemory memory, int worker, int times) throws Exception {
        SharedBytes value = memory.atomicBytes("value", 1_000);
        long version = 0;
        while (version < (long) WRITERS * times) {
            long next = value.awaitChange(version, LONG);
            assertTrue(next > version, "timeout after version " + version);
            version = next;
            byte[] bytes = value.get();
            byte[] expected = new byte[bytes.length];
            Arrays.fill(expected, (byte) bytes.length);
            assertArrayEquals(expected, bytes);
        }
        return "";
    }
}
