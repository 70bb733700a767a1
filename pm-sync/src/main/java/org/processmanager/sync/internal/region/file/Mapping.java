package org.processmanager.sync.internal.region.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.util.Cleaners;
import org.processmanager.sync.internal.region.lock.LockBytes;

/**
 * A region in the address space of this process.
 *
 * <p>It is never unmapped while a thread could access it: {@link #detach} replaces it by private memory, and the address range
 * is unmapped when the buffer is unreachable. A mapping of the portable path cannot be detached; it ends with its buffer, so
 * a thread can still access the file after the handle was closed, which callers must check for.
 */
public final class Mapping {
    /** Whether {@link #detach} replaces the mapping; a constant, so that checking it costs nothing. */
    public static final boolean DETACHES = RegionFile.isNative();

    private final ByteBuffer memory;
    private final long address;
    private final long length;

    private Mapping(ByteBuffer memory, long address, long length) {
        this.memory = memory;
        this.address = address;
        this.length = length;
    }

    /** Maps the file of a descriptor, which may then be closed. */
    static Mapping ofDescriptor(int fd, long length, String subject, LockBytes locks, InheritableFd inheritable) {
        long address = Memory.mapShared(fd, length, subject);
        // An int cannot address the last byte of 2 GiB, which no object needs.
        ByteBuffer memory = Memory.view(address, (int) Math.min(length, Integer.MAX_VALUE));
        Cleaners.register(memory, new Unmapping(address, length, locks, inheritable));
        return new Mapping(memory, address, length);
    }

    /** Returns the mapping of a buffer of {@link java.nio.channels.FileChannel#map}. */
    static Mapping ofBuffer(MappedByteBuffer buffer, LockBytes locks, InheritableFd inheritable) {
        ByteBuffer memory = buffer.order(ByteOrder.nativeOrder());
        Cleaners.register(memory, new Unmapping(0, 0, locks, inheritable));
        return new Mapping(memory, 0, memory.capacity());
    }

    /** Returns the region; for absolute access only, since position and limit are shared. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Returns its address, or 0 if unknown. */
    public long address() {
        return address;
    }

    /** Ends all access of this process to the file, where the mapping can be replaced. */
    public void detach(String subject) {
        if (address != 0) {
            Memory.replaceByPrivate(address, length, subject);
        }
    }

    /** Unmaps the range, if it is not the JDK's, and closes what a handle has that was not closed. */
    private record Unmapping(long address, long length, LockBytes locks, InheritableFd inheritable)
            implements Runnable {
        @Override
        public void run() {
            if (address != 0) {
                Memory.unmap(address, length);
            }
            inheritable.close();
            locks.close();
        }
    }
}
