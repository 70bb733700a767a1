package org.processmanager.examples.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.Lease;
import org.processmanager.sync.LeasedSemaphore;
import org.processmanager.sync.SharedLongArray;
import org.processmanager.sync.SharedMemory;

/**
 * A rate limit that processes share: a request takes a lease, which is closed a period later, so no period has more requests than
 * there are permits. The leases of a process that is killed return.
 */
public final class RateLimitExample {
    private static final int LIMIT = 3;
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final int PROCESSES = 2;
    private static final int REQUESTS_EACH = 4;
    private static final int REQUESTS = PROCESSES * REQUESTS_EACH;

    private RateLimitExample() {}

    /** Starts the processes and counts their requests; with the name of a region, is one of them. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            request(args[0]);
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                List<ManagedProcess> children = new ArrayList<>();
                for (int i = 0; i < PROCESSES; i++) {
                    children.add(ChildJava.command(manager, RateLimitExample.class, name)
                            .start());
                }
                for (ManagedProcess child : children) {
                    ChildJava.awaitSuccess(child);
                }
                System.out.println(memory.atomicLong("requests").get() + " requests, never more than " + LIMIT + " in "
                        + PERIOD.toMillis() + " ms: " + (most(memory) <= LIMIT));
            } finally {
                memory.delete();
            }
        }
    }

    private static void request(String name) throws InterruptedException {
        ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        try (SharedMemory memory = SharedMemory.open(name)) {
            LeasedSemaphore permits = memory.leasedSemaphore("permits", LIMIT);
            for (int i = 0; i < REQUESTS_EACH; i++) {
                Lease lease = permits.acquire();
                int number = (int) memory.atomicLong("requests").getAndIncrement();
                memory.longs("times", REQUESTS).set(number, System.currentTimeMillis()); // the request
                later.schedule(lease::close, PERIOD.toNanos(), TimeUnit.NANOSECONDS);
            }
            later.shutdown();
            later.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    /** Returns how many requests there were in one period, at most. */
    private static int most(SharedMemory memory) {
        SharedLongArray times = memory.longs("times", REQUESTS);
        long[] sorted = new long[REQUESTS];
        Arrays.setAll(sorted, times::get);
        Arrays.sort(sorted);
        int most = 0;
        for (int first = 0, last = 0; last < REQUESTS; last++) {
            while (sorted[last] - sorted[first] >= PERIOD.toMillis()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
