package org.processmanager.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;

/** A process that uses locks of several regions, each thread for itself. */
final class GraphParty implements ChildProgram {
    private final Map<String, SharedMemory> regions = new ConcurrentHashMap<>();
    /** What is held until the process ends: it must be reachable. */
    private final Map<AutoCloseable, String> holds = new ConcurrentHashMap<>();

    private volatile boolean stopped;

    @Override
    public void register(ChildCommands commands) {
        commands.on("open", args -> {
            regions.put(args.get(0), SharedMemory.open(Path.of(args.get(0))));
            return "";
        });
        commands.on("acquire", args -> {
            Hold hold = region(args.get(0)).mutex(args.get(1)).acquire();
            holds.put(hold, "");
            return "" + hold.previousOwnerDied();
        });
        commands.on("read", args -> {
            holds.put(region(args.get(0)).readWriteLock(args.get(1)).acquireRead(), "");
            return "";
        });
        commands.on("write", args -> {
            holds.put(region(args.get(0)).readWriteLock(args.get(1)).acquireWrite(), "");
            return "";
        });
        commands.on("ring", args -> {
            ring(region(args.get(0)), Integer.parseInt(args.get(1)));
            return "";
        });
        commands.on("stop", args -> {
            stopped = true;
            return "";
        });
        commands.on("close", args -> {
            regions.remove(args.get(0)).close();
            return "";
        });
    }

    private SharedMemory region(String path) {
        return regions.get(path);
    }

    /**
     * Takes part in a ring of three that is always busy and never blocked: each takes what the next one needs, in one order for
     * all, as a reader, or for a limited time.
     */
    private void ring(SharedMemory memory, int number) throws InterruptedException {
        SharedMutex mine = memory.mutex("ring-" + number);
        SharedMutex next = memory.mutex("ring-" + (number + 1) % 3);
        SharedMutex first = number == 2 ? next : mine;
        SharedMutex second = number == 2 ? mine : next;
        SharedReadWriteLock lock = memory.readWriteLock("ring-lock");
        SharedLong rounds = memory.atomicLong("rounds");
        while (!stopped) {
            try (Hold one = first.acquire();
                    Hold two = second.acquire()) {
                rounds.incrementAndGet();
            }
            try (ReadHold reads = lock.acquireRead();
                    Hold one = first.acquire()) {
                rounds.incrementAndGet();
            }
            lock.acquireWrite().close();
            try (Hold one = mine.acquire()) {
                Hold two = next.tryAcquire(Duration.ofMillis(30)); // a circle of these ends by itself
                if (two != null) {
                    two.close();
                }
            }
        }
    }
}
