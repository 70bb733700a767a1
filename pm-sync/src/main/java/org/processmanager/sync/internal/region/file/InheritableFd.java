package org.processmanager.sync.internal.region.file;

import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.internal.posix.Files;

/** The descriptor from which the heirs of a region without a name get theirs; those of one with a name open its file. */
public final class InheritableFd {
    private final int descriptor;
    private final ReentrantLock lock = new ReentrantLock();

    /** Takes the descriptor over, or {@link RegionFile#NOTHING_KEPT}. */
    public InheritableFd(int descriptor) {
        this.descriptor = descriptor;
    }

    public boolean isPresent() {
        return descriptor != RegionFile.NOTHING_KEPT;
    }

    /** Another one, close-on-exec; the check throws if this one is closed, whose number may be another's then. */
    public int duplicate(Runnable checkOpen) {
        lock.lock();
        try {
            checkOpen.run();
            return Files.duplicate(descriptor, 0);
        } finally {
            lock.unlock();
        }
    }

    /** Called once, when the check throws already. */
    public void close() {
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
