package org.processmanager.sync.internal.region.file;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.lock.LockBytes;

/**
 * A region in the address space of this process.
 *
 * <p>It is never unmapped while somebody could touch it: {@link #detach} puts private memory in its place, and the range
 * goes back to the kernel when the buffer is unreachable. The portable kind cannot be detached; it only ends with its
 * buffer, so a thread that is late by one access still reaches the file: who changes words by a compare-and-set that a closed
 * handle must not win asks {@link Region#checkReach} before.
 */
public final class Mapping {
    private static final Cleaner CLEANER = Cleaner.create(task -> {
        Thread thread = new Thread(task, "pm-region-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    /** Whether {@link #detach} can take the file away; a constant, so that asking costs nothing where it can. */
    public static final boolean DETACHES = NativeLayer.available();

    private final ByteBuffer memory;
    private final long address;
    private final long length;

    private Mapping(ByteBuffer memory, long address, long length) {
        this.memory = memory;
        this.address = address;
        this.length = length;
    }

    /** Maps a file by its descriptor, which may then be closed. */
    static Mapping ofDescriptor(int fd, long length, String subject, LockBytes locks) {
        long address = Memory.mapShared(fd, length, subject);
        // The last byte of 2 GiB is out of reach of an int, and no object ever needs it.
        ByteBuffer memory = Memory.view(address, (int) Math.min(length, Integer.MAX_VALUE));
        CLEANER.register(memory, () -> {
            Memory.unmap(address, length);
            locks.close();
        });
        return new Mapping(memory, address, length);
    }

    /** Takes what {@link java.nio.channels.FileChannel#map} gave. */
    static Mapping ofBuffer(MappedByteBuffer buffer, LockBytes locks) {
        ByteBuffer memory = buffer.order(ByteOrder.nativeOrder());
        CLEANER.register(memory, locks::close);
        return new Mapping(memory, 0, memory.capacity());
    }

    /** The region; absolute access only, since position and limit are shared by all. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Where it lies, or 0 if nobody knows. */
    public long address() {
        return address;
    }

    /** From now on no thread of this process reaches the file any more, where that can be done. */
    public void detach(String subject) {
        if (address != 0) {
            Memory.replaceByPrivate(address, length, subject);
        }
    }
}
