package org.processmanager.examples.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.examples.ChildJava;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/**
 * A shared variable: each thread of each process reads it, adds one, and writes it back under a lock. The total is exact.
 *
 * <p>Arguments: how many processes, how many threads in each, how often each thread adds (3 4 1000 if there are none); then,
 * optionally, the file of an event log, to which every change of the lock is appended.
 */
public final class SharedCounterExample {
    private static final Duration LONG = Duration.ofMinutes(5);

    private SharedCounterExample() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length > 0 && args[0].equals("child")) {
            count(args);
            return;
        }
        int processes = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        String threads = args.length > 1 ? args[1] : "4";
        String times = args.length > 2 ? args[2] : "1000";
        String log = args.length > 3 ? args[3] : "";
        String name = "counter-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                List<ManagedProcess> children = new ArrayList<>();
                for (int i = 0; i < processes; i++) {
                    children.add(
                            ChildJava.command(manager, SharedCounterExample.class, "child", name, threads, times, log)
                                    .start());
                }
                for (ManagedProcess child : children) {
                    ChildJava.awaitSuccess(child);
                }
                long expected = (long) processes * Integer.parseInt(threads) * Integer.parseInt(times);
                System.out.println(memory.atomicLong("total").get() + " of " + expected);
            } finally {
                memory.delete();
            }
        }
    }

    /** One of the processes. */
    private static void count(String[] args) throws InterruptedException {
        EventListener events = args[4].isEmpty() ? event -> {} : EventLog.at(Path.of(args[4]));
        try (SharedMemory memory = SharedMemory.open(args[1]);
                ManagedThreads threads = ManagedThreads.create()) {
            SharedMutex mutex = memory.mutex("guard");
            SharedLong total = memory.atomicLong("total");
            List<ManagedThread> started = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                started.add(threads.start("adder-" + i, cancellation -> {
                    for (int n = 0; n < Integer.parseInt(args[3]); n++) {
                        try (Hold hold = mutex.acquire()) {
                            events.onEvent(change(memory, taken(hold)));
                            total.set(total.get() + 1);
                            events.onEvent(change(memory, LockChanged.Change.RELEASED));
                        }
                    }
                }));
            }
            for (ManagedThread thread : started) {
                thread.join(LONG);
            }
        }
    }

    private static LockChanged.Change taken(Hold hold) {
        if (!hold.previousOwnerDied()) {
            return LockChanged.Change.ACQUIRED;
        }
        hold.markConsistent(); // a number is never half-written
        return LockChanged.Change.OWNER_DIED;
    }

    private static LockChanged change(SharedMemory memory, LockChanged.Change change) {
        return new LockChanged(
                Instant.now(), ProcessHandle.current().pid(), memory.path().toString(), "guard", change);
    }
}
