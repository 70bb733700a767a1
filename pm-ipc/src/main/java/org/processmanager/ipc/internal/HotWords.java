package org.processmanager.ipc.internal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * Access to the aligned words that each message reads or writes: plain accesses of a view, and fences. Once compiled by C2, the
 * VarHandle of a byte buffer is as fast; before, which is all that a short program sees, it costs two to three times as much.
 * Offsets are in bytes. A 64-bit JVM reads and writes an aligned word as a whole.
 */
public final class HotWords {
    private static final int LONG_SHIFT = 3;
    private static final int INT_SHIFT = 2;

    private HotWords() {}

    /** Returns a view of the 64-bit words of a region. */
    public static LongBuffer longs(ByteBuffer memory) {
        return memory.duplicate().clear().order(ByteOrder.nativeOrder()).asLongBuffer();
    }

    /** Returns a view of the 32-bit words of a region. */
    public static IntBuffer ints(ByteBuffer memory) {
        return memory.duplicate().clear().order(ByteOrder.nativeOrder()).asIntBuffer();
    }

    public static long longAcquire(LongBuffer words, int offset) {
        long value = words.get(offset >> LONG_SHIFT);
        VarHandle.acquireFence();
        return value;
    }

    public static void putLongPlain(LongBuffer words, int offset, long value) {
        words.put(offset >> LONG_SHIFT, value);
    }

    public static void putLongRelease(LongBuffer words, int offset, long value) {
        VarHandle.releaseFence();
        words.put(offset >> LONG_SHIFT, value);
    }

    public static int intAcquire(IntBuffer words, int offset) {
        int value = words.get(offset >> INT_SHIFT);
        VarHandle.acquireFence();
        return value;
    }

    /** Reads a word; the compiler does not move the read before an earlier store, though the processor may. */
    public static int intAfterStores(IntBuffer words, int offset) {
        VarHandle.acquireFence();
        return words.get(offset >> INT_SHIFT);
    }
}
