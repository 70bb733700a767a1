package org.processmanager.core.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;

/**
 * Remembers the processes that have exited lately, with their exit status: add it to a manager with
 * {@link ProcessManager#addListener}. Thread-safe.
 */
public final class RecentExits implements EventListener {
    private final Duration age;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<ProcessEvent.ProcessEnded> exits = new ArrayDeque<>(); // guarded by the lock

    /**
     * Creates a memory without processes.
     *
     * @param age how long a process is remembered after its exit
     * @param most how many processes are remembered; the oldest ones are forgotten first
     * @throws IllegalArgumentException if a parameter is not positive
     */
    public RecentExits(Duration age, int most) {
        Objects.requireNonNull(age, "age");
        if (age.isZero() || age.isNegative()) {
            throw new IllegalArgumentException("age: " + age + " (expected: > 0)");
        }
        if (most <= 0) {
            throw new IllegalArgumentException("most: " + most + " (expected: > 0)");
        }
        this.age = age;
        this.most = most;
    }

    @Override
    public void onEvent(ProcessEvent event) {
        Objects.requireNonNull(event, "event");
        if (event instanceof ProcessEvent.ProcessEnded exit) {
            lock.lock();
            try {
                exits.addFirst(exit);
                if (exits.size() > most) {
                    exits.removeLast();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Returns the processes that have exited within the age.
     *
     * @return a new list, the latest exit first
     */
    public List<ProcessEvent.ProcessEnded> list() {
        Instant oldest = Instant.now().minus(age);
        lock.lock();
        try {
            exits.removeIf(exit -> exit.time().isBefore(oldest));
            return new ArrayList<>(exits);
        } finally {
            lock.unlock();
        }
    }
}
