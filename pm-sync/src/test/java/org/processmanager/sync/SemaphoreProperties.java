package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The semaphore through several handles is one number. */
class SemaphoreProperties {
    private static final int HANDLES = 3;

    /** One call on one of the handles; a handle that is reopened is another participant. */
    record Call(int handle, int kind, int permits) {}

    @Provide
    Arbitrary<List<Call>> calls() {
        Arbitrary<Integer> permits = Arbitraries.integers().between(-1, Integer.MAX_VALUE);
        return Combinators.combine(
                        Arbitraries.integers().between(0, HANDLES - 1),
                        Arbitraries.frequency(Tuple.of(5, 0), Tuple.of(3, 1), Tuple.of(2, 2), Tuple.of(1, 3)),
                        permits)
                .as(Call::new)
                .list()
                .ofMaxSize(60);
    }

    @Property
    void semaphore_behavesAsCounter(@ForAll("calls") List<Call> calls) throws Exception {
        Path path = Files.createTempFile("pm-test-", "-semaphore");
        Files.delete(path);
        SharedMemory[] handles = new SharedMemory[HANDLES];
        try {
            for (int i = 0; i < HANDLES; i++) {
                handles[i] = SharedMemory.openOrCreate(path, SharedMemory.megabytes(1));
            }
            long model = 2;
            for (Call call : calls) {
                SharedSemaphore semaphore = handles[call.handle].semaphore("semaphore", 2);
                switch (call.kind) {
                    case 0 -> {
                        assertEquals(model > 0, semaphore.tryAcquire());
                        model = Math.max(0, model - 1);
                    }
                    case 1 -> {
                        if (model < Integer.MAX_VALUE) {
                            semaphore.release();
                            model++;
                        }
                    }
                    case 2 -> model = release(semaphore, model, call.permits);
                    default -> {
                        handles[call.handle].close();
                        handles[call.handle] = SharedMemory.open(path);
                    }
                }
                for (SharedMemory handle : handles) {
                    assertEquals(model, handle.semaphore("semaphore", 2).availablePermits());
                }
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

    private static long release(SharedSemaphore semaphore, long model, int permits) {
        if (permits < 0) {
            assertThrows(IllegalArgumentException.class, () -> semaphore.release(permits));
            return model;
        }
        if (model + permits > Integer.MAX_VALUE) {
            assertThrows(IllegalStateException.class, () -> semaphore.release(permits));
            return model;
        }
        semaphore.release(permits);
        return model + permits;
    }
}
