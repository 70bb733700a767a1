package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The buffer through several handles is one queue. */
class BufferProperties {
    private static final int HANDLES = 2;

    /** A put of an item, a take (no item), or, when {@code reopen}, another handle in the place of one. */
    record Call(int handle, boolean reopen, boolean put, byte[] item) {}

    @Provide
    Arbitrary<List<Call>> calls() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, HANDLES - 1),
                        Arbitraries.integers().between(0, 19).map(n -> n == 0),
                        Arbitraries.of(true, false),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(20))
                .as(Call::new)
                .list()
                .ofMaxSize(120);
    }

    @Property
    void buffer_behavesAsQueue(
            @ForAll("calls") List<Call> calls,
            @ForAll @IntRange(min = 1, max = 7) int cells,
            @ForAll @IntRange(min = 1, max = 19) int cellBytes)
            throws Exception {
        Path path = Files.createTempFile("pm-test-", "-buffer");
        Files.delete(path);
        SharedMemory[] handles = new SharedMemory[HANDLES];
        try {
            for (int i = 0; i < HANDLES; i++) {
                handles[i] = SharedMemory.openOrCreate(path, SharedMemory.megabytes(1));
            }
            Deque<byte[]> model = new ArrayDeque<>();
            for (Call call : calls) {
                if (call.reopen) {
                    handles[call.handle].close();
                    handles[call.handle] = SharedMemory.open(path);
                }
                SharedBoundedBuffer buffer = handles[call.handle].boundedBuffer("buffer", cells, cellBytes);
                if (call.put) {
                    put(buffer, model, call.item);
                } else {
                    byte[] expected = model.poll();
                    byte[] taken = buffer.poll();
                    if (expected == null) {
                        assertNull(taken);
                    } else {
                        assertArrayEquals(expected, taken);
                    }
                }
                assertEquals(model.size(), buffer.size());
            }
        } finally {
            for (SharedMemory handle : handles) {
                if (handle != null) {
                    handle.close();
                }
            }
            Files.deleteIfExists(path);
        }
    }

    private static void put(SharedBoundedBuffer buffer, Deque<byte[]> model, byte[] item) {
        if (item.length > buffer.cellBytes()) {
            assertThrows(IllegalArgumentException.class, () -> buffer.offer(item));
            return;
        }
        boolean room = model.size() < buffer.capacity();
        assertEquals(room, buffer.offer(item));
        if (room) {
            model.add(item);
        }
    }
}
