package org.processmanager.sync.internal.region.file;

import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.posix.Files;

/** The descriptor that children inherit copies of, if the region has no name by which they could open it. */
public final class InheritableFd {
    private final int descriptor;
    private boolean closed;
    private final ReentrantLock lock = new ReentrantLock();

    /** Takes ownership of the descriptor, or {@link RegionFile#NO_FD}. */
    public InheritableFd(int descriptor) {
        this.descriptor = descriptor;
    }

    public boolean isPresent() {
        return descriptor != RegionFile.NO_FD;
    }

    /** Returns a duplicate, close-on-exec. The check throws if this one is closed: its number may then be reused. */
    public int duplicate(Runnable checkOpen) {
        lock.lock();
        try {
            checkOpen.run();
            return Files.duplicate(descriptor, 0);
        } finally {
            lock.unlock();
        }
    }

    /** Closes it, after the check has begun to throw. Idempotent. */
    public void close() {
        if (isPresent()) {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    Files.close(descriptor);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
