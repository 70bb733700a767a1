package org.processmanager.ipc.memory;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The messages of a channel and its ends. All fields are guarded by the lock. */
final class MemoryChannel {
    /** A state that a thread waits for. */
    interface Predicate {
        boolean holds();
    }

    final int capacity;
    final ReentrantLock lock = new ReentrantLock();
    final ArrayDeque<byte[]> messages = new ArrayDeque<>();
    int bytes;
    int senders;
    long sendersSoFar;
    boolean hasReceiver;
    long receiversGone;
    boolean deleted;

    private final Condition changed = lock.newCondition();

    MemoryChannel(int capacity) {
        this.capacity = capacity;
    }

    /** Waits for a state while holding the lock, at most the time; returns whether it is reached. */
    boolean await(long nanos, Predicate state) throws InterruptedException {
        long left = nanos;
        while (!state.holds()) {
            if (left <= 0) {
                return false;
            }
            left = changed.awaitNanos(left);
        }
        return true;
    }

    /** Adds a message if there is room. An empty one takes a byte. */
    boolean add(byte[] message) {
        int size = Math.max(1, message.length);
        if (bytes + size > capacity) {
            return false;
        }
        messages.add(message);
        bytes += size;
        changed.signalAll();
        return true;
    }

    void removeFirst() {
        bytes -= Math.max(1, messages.remove().length);
        changed.signalAll();
    }

    void delete() {
        update(() -> deleted = true);
    }

    /** Changes the state and wakes all waiters. */
    void update(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time as nanoseconds, saturated. */
    static long nanos(java.time.Duration timeout) {
        return TimeUnit.NANOSECONDS.convert(timeout);
    }
}
