package org.processmanager.sync.internal.region.lock;

import java.util.concurrent.atomic.AtomicInteger;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;

/**
 * Lock bytes as locks of a separate open file description, opened through {@code /proc}. It is never mapped, since a mapping
 * would keep the locks after {@code close}, and never inherited, since a child would keep a dead participant alive.
 *
 * <p>The last user closes the descriptor: its number can be reused at once, and a thread that is still in a call must not
 * access another file.
 */
public final class OfdLockBytes implements LockBytes {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final int TO_THE_END = 0;

    private final int fd;
    /** Threads inside a call, and {@link #CLOSED}. */
    private final AtomicInteger users = new AtomicInteger();

    /** Reopens the file of a descriptor. */
    public OfdLockBytes(int descriptor) {
        this(descriptor, Files.O_RDWR);
    }

    private OfdLockBytes(int descriptor, int access) {
        fd = Files.open("/proc/self/fd/" + descriptor, access, 0);
    }

    /** Opens lock bytes that can only be queried, which requires no write permission. */
    public static OfdLockBytes forReading(int descriptor) {
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
     * Releases the locks before it returns, although a thread in a call may keep the descriptor open for a moment, and a
     * child that has not yet executed its program shares it.
     */
    @Override
    public void close() {
        if (addUser(CLOSED)) {
            try {
                OfdLocks.unlock(fd, 0, TO_THE_END);
            } finally {
                leave();
            }
        }
    }

    private void enter() {
        if (!addUser(0)) {
            throw new IllegalStateException("the region was closed");
        }
    }

    /** Counts one more user and sets a flag, unless it is closed; returns whether it did. */
    private boolean addUser(int flag) {
        int before;
        do {
            before = users.get();
            if (before < 0) {
                return false;
            }
        } while (!users.compareAndSet(before, before + 1 | flag));
        return true;
    }

    private void leave() {
        if (users.decrementAndGet() == CLOSED) {
            Files.close(fd);
        }
    }
}
