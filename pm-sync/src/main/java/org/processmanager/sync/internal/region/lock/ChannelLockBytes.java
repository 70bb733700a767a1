package org.processmanager.sync.internal.region.lock;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

/**
 * Lock bytes through {@link java.nio.channels.FileChannel#tryLock}: on Linux POSIX locks, which conflict with those of
 * {@link OfdLockBytes}. They belong to the process, so there is one channel per file and JVM ({@link SharedChannel}); the JDK
 * keeps the handles of one JVM apart.
 *
 * <p>A byte cannot be queried without locking it: other processes see it locked for a moment.
 */
public final class ChannelLockBytes implements LockBytes {
    private final SharedChannel channel;
    private final ReentrantLock guard = new ReentrantLock(); // a monitor would pin the carrier of a virtual thread
    private final Map<Long, FileLock> held = new HashMap<>();
    private boolean closed;

    /** Becomes a user of the channel. */
    public ChannelLockBytes(SharedChannel channel) {
        this.channel = channel;
    }

    @Override
    public boolean tryLock(long position) {
        guard.lock();
        try {
            FileLock lock = take(position);
            if (lock == null) {
                return false;
            }
            held.put(position, lock);
            return true;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void unlock(long position) {
        guard.lock();
        try {
            FileLock lock = held.remove(position);
            if (lock != null) {
                release(lock);
            }
        } finally {
            guard.unlock();
        }
    }

    @Override
    public boolean isLocked(long position) {
        guard.lock();
        try {
            FileLock lock = take(position);
            if (lock != null) {
                release(lock);
            }
            return lock == null;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void close() {
        guard.lock();
        try {
            if (!closed) {
                closed = true;
                for (FileLock lock : held.values()) {
                    release(lock);
                }
                held.clear();
                channel.release();
            }
        } finally {
            guard.unlock();
        }
    }

    private @Nullable FileLock take(long position) {
        if (closed) {
            throw new IllegalStateException("the region is closed");
        }
        try {
            return channel.forLocks().tryLock(position, 1, !channel.isWritable());
        } catch (OverlappingFileLockException e) {
            return null; // another handle of this JVM has it
        } catch (IOException e) {
            throw new RegionException(
                    Reason.SYSTEM, "cannot lock byte " + position + " of a region: " + e.getMessage(), e);
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (ClosedChannelException e) {
            // the channel is gone, and its locks with it
        } catch (IOException e) {
            throw new RegionException(
                    Reason.SYSTEM, "cannot unlock byte " + lock.position() + " of a region: " + e.getMessage(), e);
        }
    }
}
