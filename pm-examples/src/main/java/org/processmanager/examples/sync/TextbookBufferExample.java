package org.processmanager.examples.sync;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.Hold;
import org.processmanager.sync.LeasedSemaphore;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;
import org.processmanager.sync.SharedSemaphore;

/**
 * The producer-consumer problem between processes, as E. W. Dijkstra solved it: a mutex around the cells, a semaphore that
 * counts the empty ones and one that counts the filled ones.
 *
 * <p>Limitation: a process that is killed between its two semaphores loses a cell or an item, because permits of a
 * {@link SharedSemaphore} have no owner. A {@link LeasedSemaphore}, whose permits are returned, would return a filled cell.
 * {@link SharedBoundedBuffer} does not have this limitation.
 */
public final class TextbookBufferExample {
    private static final int CELLS = 8;
    private static final int PRODUCERS = 2;
    private static final int ITEMS_EACH = 5_000;

    private final SharedMutex mutex;
    private final SharedSemaphore empty;
    private final SharedSemaphore filled;
    private final SharedLong put;
    private final SharedLong taken;
    private final SharedLong[] cells = new SharedLong[CELLS];

    private TextbookBufferExample(SharedMemory memory) {
        mutex = memory.mutex("mutex");
        empty = memory.semaphore("empty", CELLS);
        filled = memory.semaphore("filled", 0);
        put = memory.atomicLong("put");
        taken = memory.atomicLong("taken");
        for (int i = 0; i < CELLS; i++) {
            cells[i] = memory.atomicLong("cell-" + i);
        }
    }

    /** Starts the processes and takes what they produce; with the name of a region, is one of them. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            produce(args[0]);
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                TextbookBufferExample buffer = new TextbookBufferExample(memory);
                List<ManagedProcess> children = new ArrayList<>();
                for (int i = 0; i < PRODUCERS; i++) {
                    children.add(ChildJava.command(manager, TextbookBufferExample.class, name)
                            .start());
                }
                long total = 0;
                for (int i = 0; i < PRODUCERS * ITEMS_EACH; i++) {
                    total += buffer.take();
                }
                for (ManagedProcess child : children) {
                    ChildJava.awaitSuccess(child);
                }
                System.out.println(total + " of " + (long) PRODUCERS * ITEMS_EACH * (ITEMS_EACH + 1) / 2);
            } finally {
                memory.delete();
            }
        }
    }

    private static void produce(String name) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.open(name)) {
            TextbookBufferExample buffer = new TextbookBufferExample(memory);
            for (int item = 1; item <= ITEMS_EACH; item++) {
                buffer.put(item);
            }
        }
    }

    private void put(long item) throws InterruptedException {
        empty.acquire();
        try (Hold hold = mutex.acquire()) {
            cells[(int) (put.get() % CELLS)].set(item);
            put.addAndGet(1); // last, so that the cells and this number agree after the death of an owner
            hold.markConsistent();
        }
        filled.release();
    }

    private long take() throws InterruptedException {
        filled.acquire();
        long item;
        try (Hold hold = mutex.acquire()) {
            item = cells[(int) (taken.get() % CELLS)].get();
            taken.addAndGet(1);
            hold.markConsistent();
        }
        empty.release();
        return item;
    }
}
