package org.processmanager.examples.sync;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.Hold;
import org.processmanager.sync.ReadHold;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedReadWriteLock;

/**
 * Readers and a writer: processes read two numbers that belong together, at the same time, while another process changes them,
 * alone. No reader finds a net price of one version with a gross price of another.
 */
public final class ReadersAndWriterExample {
    private static final int READERS = 2;
    private static final int READS_EACH = 5_000;

    private final SharedReadWriteLock lock;
    private final SharedLong net;
    private final SharedLong gross;

    private ReadersAndWriterExample(SharedMemory memory) {
        lock = memory.readWriteLock("prices");
        net = memory.atomicLong("net");
        gross = memory.atomicLong("gross");
    }

    /** Starts the readers and writes meanwhile; with the name of a region, is a reader. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            read(args[0]);
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                List<ManagedProcess> readers = new ArrayList<>();
                for (int i = 0; i < READERS; i++) {
                    readers.add(ChildJava.command(manager, ReadersAndWriterExample.class, name)
                            .start());
                }
                ReadersAndWriterExample prices = new ReadersAndWriterExample(memory);
                while (readers.stream().anyMatch(ManagedProcess::isAlive)) {
                    prices.raise();
                }
                for (ManagedProcess reader : readers) {
                    ChildJava.awaitSuccess(reader);
                }
                System.out.println(memory.atomicLong("reads").get() + " reads, "
                        + memory.atomicLong("wrong").get() + " of them wrong");
            } finally {
                memory.delete();
            }
        }
    }

    private static void read(String name) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.open(name)) {
            ReadersAndWriterExample prices = new ReadersAndWriterExample(memory);
            for (int i = 0; i < READS_EACH; i++) {
                if (!prices.areConsistent()) {
                    memory.atomicLong("wrong").incrementAndGet();
                }
                memory.atomicLong("reads").incrementAndGet();
            }
        }
    }

    private boolean areConsistent() throws InterruptedException {
        try (ReadHold hold = lock.acquireRead()) {
            if (hold.previousOwnerDied()) { // the writer was killed: this reader has the lock alone, until it has
                repair(); //                   repaired the numbers
                hold.markConsistent();
            }
            return gross.get() == 2 * net.get();
        }
    }

    private void raise() throws InterruptedException {
        try (Hold hold = lock.acquireWrite()) {
            if (hold.previousOwnerDied()) {
                repair();
                hold.markConsistent();
            }
            net.incrementAndGet();
            gross.set(2 * net.get());
        }
    }

    private void repair() {
        gross.set(2 * net.get());
    }
}
