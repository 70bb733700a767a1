package org.processmanager.sync.internal.region;

import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.posix.Files;

/** The descriptor from which the heirs of a region without a name get theirs; those of one with a name open its file. */
final class HeirDescriptor {
    private final int descriptor;
    private final ReentrantLock lock = new ReentrantLock();

    /** Takes the descriptor over, or {@link RegionFile#NOTHING_KEPT}. */
    HeirDescriptor(int descriptor) {
        this.descriptor = descriptor;
    }

    boolean isPresent() {
        return descriptor != RegionFile.NOTHING_KEPT;
    }

    /** Another one, close-on-exec; the check throws if this one is closed, whose number may be another's then. */
    int duplicate(Runnable checkOpen) {
        lock.lock();
        try {
            checkOpen.run();
            return Files.duplicate(descriptor, 0);
        } finally {
            lock.unlock();
        }
    }

    /** Called once, when the check throws already. */
    void close() {
        if (isPresent()) {
            lock.lock();
            try {
                Files.close(descriptor);
            } finally {
                lock.unlock();
            }
        }
    }
}
