package org.processmanager.core.internal.launch.posix;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who relies on the number of a child: until it is reaped it is a zombie, which keeps its number and the number of its
 * session from being given to a stranger. Once sealed, nobody may pin any more.
 */
final class RefCount {
    private static final int SEALED = Integer.MIN_VALUE;

    private final AtomicInteger count = new AtomicInteger();

    /** Counts the caller in until {@link #release}; false if the child was reaped. */
    boolean acquire() {
        int now;
        do {
            now = count.get();
            if (now < 0) {
                return false;
            }
        } while (!count.compareAndSet(now, now + 1));
        return true;
    }

    /** Counts the caller out; true if nobody is left. */
    boolean release() {
        return count.decrementAndGet() == 0;
    }

    boolean any() {
        return count.get() > 0;
    }

    /** Keeps everybody out from now on; false if somebody is in. */
    boolean seal() {
        return count.compareAndSet(0, SEALED);
    }

    /** Takes the seal back: there was nothing to reap yet. */
    void unseal() {
        count.set(0);
    }
}
