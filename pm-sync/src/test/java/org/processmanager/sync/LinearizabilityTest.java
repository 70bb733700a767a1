package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.History.Model;
import org.processmanager.sync.History.Operation;
import org.processmanager.sync.History.Step;

/** Calls of three threads through two handles look as if they had been made one after another. */
class LinearizabilityTest {
    private static final int THREADS = 3;
    private static final int CALLS = 4;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final Random random = new Random(7);
    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("lin"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("lin"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    private SharedMemory handle(int thread) {
        return thread % 2 == 0 ? memory : other;
    }

    /** Many short histories; after each {@code restore} brings the object back to its initial state. */
    private void check(IntFunction<List<Operation>> menu, Model initial, Runnable restore) {
        int rounds = Soak.scaled(20_000, 200);
        for (int round = 0; round < rounds; round++) {
            List<List<Operation>> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                List<Operation> choices = menu.apply(thread);
                List<Operation> mine = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    mine.add(choices.get(random.nextInt(choices.size())));
                }
                threads.add(mine);
            }
            History history = History.record(threads);
            assertTrue(history.isLinearizable(initial), history::toString);
            restore.run();
        }
    }

    /** A number of permits. */
    private record Permits(int free) implements Model {
        @Override
        public Step apply(String asked) {
            return switch (asked) {
                case "take" -> free > 0 ? new Step(true, new Permits(free - 1)) : new Step(false, this);
                case "give" -> new Step(true, new Permits(free + 1));
                default -> new Step(free, this);
            };
        }
    }

    /** A queue that holds so many. */
    private record Queue(int cells, List<Integer> items) implements Model {
        @Override
        public Step apply(String asked) {
            if (asked.equals("look")) {
                return new Step(0, this);
            }
            if (asked.equals("poll")) {
                return items.isEmpty()
                        ? new Step(null, this)
                        : new Step(items.get(0), new Queue(cells, items.subList(1, items.size())));
            }
            int item = Integer.parseInt(asked.substring("offer ".length()));
            return items.size() == cells
                    ? new Step(false, this)
                    : new Step(
                            true,
                            new Queue(
                                    cells,
                                    Stream.concat(items.stream(), Stream.of(item))
                                            .toList()));
        }
    }

    @Test
    void semaphore_isLinearizable() {
        check(
                thread -> {
                    SharedSemaphore semaphore = handle(thread).semaphore("s", 2);
                    return List.of(
                            new Operation("take", semaphore::tryAcquire),
                            new Operation("give", () -> {
                                semaphore.release();
                                return true;
                            }),
                            new Operation("free", semaphore::availablePermits));
                },
                new Permits(2),
                () -> {
                    SharedSemaphore semaphore = memory.semaphore("s", 2);
                    while (semaphore.tryAcquire()) {
                        // all
                    }
                    semaphore.release(2);
                });
    }

    /** One permit, and which thread has it: -1 for none. */
    private record OneLease(int holder) implements Model {
        @Override
        public Step apply(String asked) {
            int thread = Integer.parseInt(asked.substring(5));
            if (asked.startsWith("take")) {
                return holder < 0 ? new Step(true, new OneLease(thread)) : new Step(false, this);
            }
            return holder == thread ? new Step(true, new OneLease(-1)) : new Step(false, this);
        }
    }

    @Test
    void leases_areLinearizable() {
        Lease[] held = new Lease[THREADS];
        check(
                thread -> {
                    LeasedSemaphore semaphore = handle(thread).leasedSemaphore("l", 1);
                    return List.of(
                            new Operation("take " + thread, () -> {
                                Lease lease = held[thread] == null ? semaphore.tryAcquire() : null;
                                held[thread] = lease == null ? held[thread] : lease;
                                return lease != null;
                            }),
                            new Operation("give " + thread, () -> {
                                Lease lease = held[thread];
                                held[thread] = null;
                                if (lease != null) {
                                    lease.close();
                                }
                                return lease != null;
                            }));
                },
                new OneLease(-1),
                () -> {
                    for (int thread = 0; thread < THREADS; thread++) {
                        if (held[thread] != null) {
                            held[thread].close();
                            held[thread] = null;
                        }
                    }
                });
    }

    @Test
    void buffer_oneToOne_isLinearizable() {
        checkBuffer(2, thread -> thread == 2, thread -> thread == 0);
    }

    /**
     * All threads put and take. With more cells than items: where a put lasted while all other cells were used, a later one
     * may fail although there is room.
     */
    @Test
    void buffer_manyToMany_isLinearizable() {
        checkBuffer(THREADS * CALLS, thread -> false, thread -> true);
    }

    private void checkBuffer(int cells, IntPredicate looks, IntPredicate puts) {
        check(
                thread -> {
                    SharedBoundedBuffer buffer = handle(thread).boundedBuffer("b", cells, 4);
                    List<Operation> menu = new ArrayList<>();
                    if (looks.test(thread)) {
                        menu.add(new Operation("look", () -> 0));
                        return menu;
                    }
                    for (int item = 0; item < 3 && puts.test(thread); item++) {
                        byte[] bytes = {(byte) (3 * thread + item)};
                        menu.add(new Operation("offer " + bytes[0], () -> buffer.offer(bytes)));
                    }
                    for (int times = 0; times < 3 && (cells > 2 || !puts.test(thread)); times++) {
                        menu.add(new Operation("poll", () -> {
                            byte[] item = buffer.poll();
                            return item == null ? null : (int) item[0];
                        }));
                    }
                    return menu;
                },
                new Queue(cells, List.of()),
                () -> memory.boundedBuffer("b", cells, 4).clear());
    }

    @Test
    void search_ofImpossibleResults_findsViolation() {
        SharedSemaphore semaphore = memory.semaphore("s", 0);
        History history = History.record(List.of(
                List.of(new Operation("take", semaphore::tryAcquire)),
                List.of(new Operation("free", semaphore::availablePermits))));
        assertTrue(history.isLinearizable(new Permits(0)), history::toString);
        assertFalse(history.isLinearizable(new Permits(1)), history::toString);
    }
}
