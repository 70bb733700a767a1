package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Leases and unacknowledged items of several handles become free when their handle is closed. */
class LeasedProperties {
    private static final int HANDLES = 3;

    /** One call on one of the handles: 0 takes, 1 gives back, 2 puts, 3 ends the handle as a death would, and opens anew. */
    record Call(int handle, int kind) {}

    @Provide
    Arbitrary<List<Call>> calls() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, HANDLES - 1),
                        Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(4, 1), Tuple.of(5, 2), Tuple.of(1, 3)))
                .as(Call::new)
                .list()
                .ofMaxSize(80);
    }

    private interface Body {
        void run(Path path, SharedMemory[] handles) throws Exception;
    }

    private static void withHandles(Body body) throws Exception {
        Path path = Files.createTempFile("pm-test-", "-leased");
        Files.delete(path);
        SharedMemory[] handles = new SharedMemory[HANDLES];
        try {
            for (int i = 0; i < HANDLES; i++) {
                handles[i] = SharedMemory.openOrCreate(path, SharedMemory.megabytes(1));
            }
            body.run(path, handles);
        } finally {
            for (SharedMemory handle : handles) {
                if (handle != null) {
                    handle.close();
                }
            }
            Files.deleteIfExists(path);
        }
    }

    @Property
    void leases_neverExceedPermits(@ForAll("calls") List<Call> calls, @ForAll @IntRange(min = 1, max = 4) int permits)
            throws Exception {
        withHandles((path, handles) -> {
            List<Deque<Lease>> held = new ArrayList<>();
            for (int i = 0; i < HANDLES; i++) {
                held.add(new ArrayDeque<>());
            }
            int free = permits;
            for (Call call : calls) {
                Deque<Lease> mine = held.get(call.handle);
                if (call.kind == 0) {
                    Lease lease =
                            handles[call.handle].leasedSemaphore("l", permits).tryAcquire();
                    assertEquals(free > 0, lease != null);
                    if (lease != null) {
                        mine.add(lease);
                        free--;
                    }
                } else if (call.kind == 1 && !mine.isEmpty()) {
                    mine.poll().close();
                    free++;
                } else if (call.kind == 3) {
                    handles[call.handle].close();
                    handles[call.handle] = SharedMemory.open(path);
                    free += mine.size();
                    mine.forEach(lease -> assertFalse(lease.isValid()));
                    mine.clear();
                }
                for (int i = 0; i < HANDLES; i++) {
                    assertEquals(free, handles[i].leasedSemaphore("l", permits).availablePermits());
                    held.get(i).forEach(lease -> assertTrue(lease.isValid()));
                }
            }
        });
    }

    @Property
    void unackedItems_areAckedOnceOrRedelivered(
            @ForAll("calls") List<Call> calls, @ForAll @IntRange(min = 1, max = 4) int cells) throws Exception {
        withHandles((path, handles) -> {
            List<Deque<UnackedItem>> held = new ArrayList<>();
            for (int i = 0; i < HANDLES; i++) {
                held.add(new ArrayDeque<>());
            }
            List<Integer> expected = new ArrayList<>();
            List<Integer> done = new ArrayList<>();
            int next = 0;
            for (Call call : calls) {
                SharedBoundedBuffer buffer = handles[call.handle].boundedBuffer("b", cells, 4);
                Deque<UnackedItem> mine = held.get(call.handle);
                if (call.kind == 0) {
                    UnackedItem item = buffer.pollUnacked();
                    if (item != null) {
                        mine.add(item);
                    }
                } else if (call.kind == 1 && !mine.isEmpty()) {
                    finish(mine.poll(), done);
                } else if (call.kind == 2 && buffer.offer(new byte[] {(byte) next})) {
                    expected.add(next++);
                } else if (call.kind == 3) {
                    handles[call.handle].close();
                    handles[call.handle] = SharedMemory.open(path);
                    mine.clear();
                }
            }
            for (Deque<UnackedItem> mine : held) {
                while (!mine.isEmpty()) {
                    finish(mine.poll(), done);
                }
            }
            SharedBoundedBuffer last = handles[0].boundedBuffer("b", cells, 4);
            for (UnackedItem item = last.pollUnacked(); item != null; item = last.pollUnacked()) {
                finish(item, done);
            }
            done.sort(null);
            assertEquals(expected, done);
            for (int i = 0; i < cells; i++) {
                assertTrue(last.offer(new byte[0]), "cell " + i + " is lost");
            }
        });
    }

    private static void finish(UnackedItem item, List<Integer> done) {
        done.add((int) item.bytes()[0]);
        item.ack();
    }
}
