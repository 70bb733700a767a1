package org.processmanager.core.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * A zeroed block of native memory, which only {@link #close} frees. ({@code com.sun.jna.Memory} cannot be closed before JNA
 * 5.12, and registers each block with a thread that frees it.)
 */
final class NativeBlock implements AutoCloseable {
    private final Pointer pointer;
    private long address;

    NativeBlock(long bytes) {
        address = Native.malloc(bytes);
        if (address == 0) {
            throw new OutOfMemoryError("no native memory for " + bytes + " bytes");
        }
        pointer = new Pointer(address);
        pointer.clear(bytes);
    }

    Pointer pointer() {
        return pointer;
    }

    long address() {
        return address;
    }

    /** Frees the block. Idempotent. */
    @Override
    public void close() {
        long freed = address;
        address = 0;
        if (freed != 0) {
            Native.free(freed);
        }
    }
}
