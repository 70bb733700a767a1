package org.processmanager.sync.internal.region.lock;

import java.util.concurrent.atomic.AtomicInteger;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;

/**
 * Lock bytes as locks of an open file description of their own: opened a second time through {@code /proc}, never mapped,
 * since a mapping would keep the locks after {@code close}, and never passed on, since an heir would keep the dead alive.
 *
 * <p>The last user closes the descriptor: the number could belong to another file a moment later, and a thread that is still
 * in a call must not meet that one.
 */
public final class OfdLockBytes implements LockBytes {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final int TO_THE_END = 0;

    private final int fd;
    /** Threads inside a call, and {@link #CLOSED}. */
    private final AtomicInteger users = new AtomicInteger();

    /** Opens the file of a descriptor once more. */
    public OfdLockBytes(int descriptor) {
        this(descriptor, Files.O_RDWR);
    }

    private OfdLockBytes(int descriptor, int access) {
        fd = Files.open("/proc/self/fd/" + descriptor, access, 0);
    }

    /** Only for asking, which needs no permission to write. */
    public static OfdLockBytes toLook(int descriptor) {
        return new OfdLockBytes(descriptor, Files.O_RDONLY);
    }

    @Override
    public boolean tryLock(long position) {
        enter();
        try {
            return OfdLocks.tryLock(fd, position, 1);
        } finally {
            leave();
        }
    }

    @Override
    public void unlock(long position) {
        enter();
        try {
            OfdLocks.unlock(fd, position, 1);
        } finally {
            leave();
        }
    }

    @Override
    public boolean isLocked(long position) {
        enter();
        try {
            return OfdLocks.isLocked(fd, position, 1);
        } finally {
            leave();
        }
    }

    /**
     * Others see the locks gone when this returns, though a thread in a call keeps the descriptor for a moment, and a child of
     * this process that has not begun its program shares it.
     */
    @Override
    public void close() {
        int before = users.getAndUpdate(n -> n < 0 ? n : n + 1 | CLOSED);
        if (before >= 0) {
            try {
                OfdLocks.unlock(fd, 0, TO_THE_END);
            } finally {
                leave();
            }
        }
    }

    private void enter() {
        int before = users.getAndUpdate(n -> n < 0 ? n : n + 1);
        if (before < 0) {
            throw new IllegalStateException("the region was closed");
        }
    }

    private void leave() {
        if (users.decrementAndGet() == CLOSED) {
            Files.close(fd);
        }
    }
}
