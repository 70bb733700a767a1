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
    private static final int BLOCK_BYTES = 64;

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

    /**
     * Copies a message to an aligned offset. A short message in native order is copied by words: its sender has usually just
     * written it by words, and the wide loads of a bulk copy would wait until all earlier stores, also those to the memory that
     * another process reads, have left the processor's store buffer. There is no loop, because C2 prepares one for many turns.
     *
     * @param memory the destination
     * @param words the view of the destination
     */
    public static void copy(ByteBuffer memory, LongBuffer words, int offset, ByteBuffer message, int from, int length) {
        if (length >= 2 * BLOCK_BYTES || message.order() != ByteOrder.nativeOrder()) {
            memory.put(offset, message, from, length);
            return;
        }
        int word = offset >> LONG_SHIFT;
        int next = from;
        if ((length & BLOCK_BYTES) != 0) {
            copy4(words, word, message, next);
            copy4(words, word + 4, message, next + BLOCK_BYTES / 2);
            word += 8;
            next += BLOCK_BYTES;
        }
        if ((length & BLOCK_BYTES / 2) != 0) {
            copy4(words, word, message, next);
            word += 4;
            next += BLOCK_BYTES / 2;
        }
        if ((length & BLOCK_BYTES / 4) != 0) {
            copy2(words, word, message, next);
            word += 2;
            next += BLOCK_BYTES / 4;
        }
        if ((length & Long.BYTES) != 0) {
            words.put(word, message.getLong(next));
            word++;
            next += Long.BYTES;
        }
        if ((length & Long.BYTES - 1) != 0) {
            memory.put(word << LONG_SHIFT, message, next, length & Long.BYTES - 1);
        }
    }

    private static void copy4(LongBuffer words, int word, ByteBuffer message, int from) {
        copy2(words, word, message, from);
        copy2(words, word + 2, message, from + 2 * Long.BYTES);
    }

    private static void copy2(LongBuffer words, int word, ByteBuffer message, int from) {
        words.put(word, message.getLong(from));
        words.put(word + 1, message.getLong(from + Long.BYTES));
    }

    /** Reads a word; the compiler does not move the read before an earlier store, though the processor may. */
    public static int intAfterStores(IntBuffer words, int offset) {
        VarHandle.acquireFence();
        return words.get(offset >> INT_SHIFT);
    }
}
