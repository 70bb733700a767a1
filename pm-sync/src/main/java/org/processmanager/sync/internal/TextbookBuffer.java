package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.Deadline;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.RegionObject;

/**
 * A bounded buffer as E. W. Dijkstra gave it: a mutex around the cells, a semaphore that counts the free ones and one that
 * counts the filled ones. Numbers of items put and taken are changed last within the mutex, so that who takes it over from
 * the dead finds them right whatever the dead one was at.
 *
 * <p>Its hole: a process that dies between the semaphore that it acquired and the one that it would release takes a cell or
 * an item with it. Crash points: {@code buffer.cell-claimed}, {@code buffer.written}, {@code buffer.put},
 * {@code buffer.item-claimed}, {@code buffer.read}, {@code buffer.taken}.
 */
public final class TextbookBuffer {
    private final String name;
    private final Region region;
    private final ByteBuffer memory;
    private final int at;
    private final int cells;
    private final int cellBytes;
    private final RobustMutex mutex;
    private final CountingSemaphore empty;
    private final CountingSemaphore filled;

    /** The buffer that lies there. */
    public TextbookBuffer(Region region, RegionObject object) {
        this.region = region;
        name = object.name();
        memory = region.memory();
        at = object.offset();
        cells = object.dimension(0);
        cellBytes = object.dimension(1);
        mutex = new RobustMutex(region, name + "#mutex", at, at + BufferDescriptor.MUTEX);
        empty = new CountingSemaphore(region, name + "#empty", at, at + BufferDescriptor.EMPTY);
        filled = new CountingSemaphore(region, name + "#filled", at, at + BufferDescriptor.FILLED);
    }

    /** Puts the bytes between position and limit of the source, which stays as it is, waiting for room. */
    public void put(ByteBuffer item) throws InterruptedException {
        checkLength(item);
        empty.acquire();
        CrashPoint.reach("buffer.cell-claimed");
        lockOrGiveBack(empty, Deadline.NEVER);
        append(item);
        filled.release(1);
    }

    /** As {@link #put}, waiting at most so long; false if there was no room. */
    public boolean offer(ByteBuffer item, Deadline deadline) throws InterruptedException {
        checkLength(item);
        if (!empty.tryAcquire(deadline)) {
            return false;
        }
        CrashPoint.reach("buffer.cell-claimed");
        if (!lockOrGiveBack(empty, deadline)) {
            return false;
        }
        append(item);
        filled.release(1);
        return true;
    }

    /** As {@link #put} if there is room, without waiting for it. */
    public boolean offer(ByteBuffer item) {
        checkLength(item);
        if (!empty.tryAcquire()) {
            return false;
        }
        CrashPoint.reach("buffer.cell-claimed");
        mutex.lockUninterruptibly();
        append(item);
        filled.release(1);
        return true;
    }

    /** Takes the oldest item, waiting for one. */
    public byte[] take() throws InterruptedException {
        filled.acquire();
        CrashPoint.reach("buffer.item-claimed");
        lockOrGiveBack(filled, Deadline.NEVER);
        byte[] item = removeOldest();
        empty.release(1);
        return item;
    }

    /** As {@link #take}, waiting at most so long; null if there was none. */
    public byte @Nullable [] poll(Deadline deadline) throws InterruptedException {
        if (!filled.tryAcquire(deadline)) {
            return null;
        }
        CrashPoint.reach("buffer.item-claimed");
        if (!lockOrGiveBack(filled, deadline)) {
            return null;
        }
        byte[] item = removeOldest();
        empty.release(1);
        return item;
    }

    /** As {@link #take} if there is an item, without waiting for one. */
    public byte @Nullable [] poll() {
        if (!filled.tryAcquire()) {
            return null;
        }
        CrashPoint.reach("buffer.item-claimed");
        mutex.lockUninterruptibly();
        byte[] item = removeOldest();
        empty.release(1);
        return item;
    }

    /** How many items there are at this moment. */
    public int size() {
        region.checkOpen();
        // Taken first: it never passes what was put.
        long taken = BufferDescriptor.takenVolatile(memory, at);
        long present = BufferDescriptor.putVolatile(memory, at) - taken;
        return (int) Math.max(0, Math.min(cells, present));
    }

    public int cells() {
        return cells;
    }

    public int cellBytes() {
        return cellBytes;
    }

    public String name() {
        return name;
    }

    private void checkLength(ByteBuffer item) {
        if (item.remaining() > cellBytes) {
            throw new IllegalArgumentException("item: " + item.remaining() + " bytes (expected: at most " + cellBytes
                    + ", the cell size of " + this + ")");
        }
    }

    /** Waits for the mutex; the permit is given back if that fails, for whatever reason. */
    private boolean lockOrGiveBack(CountingSemaphore permit, Deadline deadline) throws InterruptedException {
        boolean locked = false;
        try {
            if (deadline == Deadline.NEVER) {
                mutex.lock();
                locked = true;
            } else {
                locked = mutex.tryLock(deadline);
            }
            return locked;
        } finally {
            if (!locked && !region.isClosed()) {
                permit.release(1);
            }
        }
    }

    private void append(ByteBuffer item) {
        try {
            long number = BufferDescriptor.putVolatile(memory, at);
            int cell = BufferDescriptor.cell(at, number, cells, cellBytes);
            memory.put(BufferDescriptor.content(cell), item, item.position(), item.remaining());
            BufferDescriptor.lengthPlain(memory, cell, item.remaining());
            CrashPoint.reach("buffer.written");
            BufferDescriptor.putVolatile(memory, at, number + 1);
            CrashPoint.reach("buffer.put");
        } finally {
            unlock();
        }
    }

    private byte[] removeOldest() {
        try {
            long number = BufferDescriptor.takenVolatile(memory, at);
            int cell = BufferDescriptor.cell(at, number, cells, cellBytes);
            int length = BufferDescriptor.lengthPlain(memory, cell);
            if (length < 0 || length > cellBytes) {
                throw new RegionException(
                        RegionException.Reason.CORRUPT,
                        this + " has an item of " + length + " bytes at " + cell + " (expected: 0 to " + cellBytes
                                + "); delete the region");
            }
            byte[] item = new byte[length];
            memory.get(BufferDescriptor.content(cell), item);
            CrashPoint.reach("buffer.read");
            BufferDescriptor.takenVolatile(memory, at, number + 1);
            CrashPoint.reach("buffer.taken");
            return item;
        } finally {
            unlock();
        }
    }

    /** What a dead owner left is right by construction. */
    private void unlock() {
        mutex.markConsistent();
        mutex.unlock();
    }

    @Override
    public String toString() {
        return "bounded buffer '" + name + "' of " + region;
    }
}
