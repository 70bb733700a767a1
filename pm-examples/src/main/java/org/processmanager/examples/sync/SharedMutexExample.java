package org.processmanager.examples.sync;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/** Several processes increment a number in shared memory, in two steps under a mutex, so that no increment is lost. */
public final class SharedMutexExample {
    private static final int PROCESSES = 3;
    private static final int TIMES = 10_000;

    private SharedMutexExample() {}

    /** Starts the processes; with the name of a region, is one of them. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            count(args[0]);
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                List<ManagedProcess> children = new ArrayList<>();
                for (int i = 0; i < PROCESSES; i++) {
                    children.add(ChildJava.command(manager, SharedMutexExample.class, name)
                            .start());
                }
                for (ManagedProcess child : children) {
                    ChildJava.awaitSuccess(child);
                }
                System.out.println(memory.atomicLong("total").get() + " of " + PROCESSES * TIMES);
            } finally {
                memory.delete();
            }
        }
    }

    private static void count(String name) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.open(name)) {
            SharedMutex mutex = memory.mutex("guard");
            SharedLong total = memory.atomicLong("total");
            for (int i = 0; i < TIMES; i++) {
                try (Hold hold = mutex.acquire()) {
                    if (hold.previousOwnerDied()) {
                        hold.markConsistent(); // a number is never half-written
                    }
                    total.set(total.get() + 1);
                }
            }
        }
    }
}
