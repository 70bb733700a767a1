package org.processmanager.sync.internal.region.layout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Access to aligned words of mapped memory, in native byte order; the name states the memory order. Updates whose name states
 * none are sequentially consistent.
 */
public final class Words {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Offset of the low half of a 64-bit word. */
    public static final int LOW_HALF = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 4;

    private Words() {}

    public static int intPlain(ByteBuffer memory, int offset) {
        return (int) INT.get(memory, offset);
    }

    public static int intOpaque(ByteBuffer memory, int offset) {
        return (int) INT.getOpaque(memory, offset);
    }

    public static int intAcquire(ByteBuffer memory, int offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    public static int intVolatile(ByteBuffer memory, int offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    public static void putIntPlain(ByteBuffer memory, int offset, int value) {
        INT.set(memory, offset, value);
    }

    public static void putIntRelease(ByteBuffer memory, int offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    public static void putIntOpaque(ByteBuffer memory, int offset, int value) {
        INT.setOpaque(memory, offset, value);
    }

    public static void putIntVolatile(ByteBuffer memory, int offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    public static boolean casInt(ByteBuffer memory, int offset, int expected, int value) {
        return INT.compareAndSet(memory, offset, expected, value);
    }

    public static int exchangeInt(ByteBuffer memory, int offset, int expected, int value) {
        return (int) INT.compareAndExchange(memory, offset, expected, value);
    }

    public static int exchangeIntAcquire(ByteBuffer memory, int offset, int expected, int value) {
        return (int) INT.compareAndExchangeAcquire(memory, offset, expected, value);
    }

    public static int exchangeIntRelease(ByteBuffer memory, int offset, int expected, int value) {
        return (int) INT.compareAndExchangeRelease(memory, offset, expected, value);
    }

    public static boolean weakCasIntPlain(ByteBuffer memory, int offset, int expected, int value) {
        return INT.weakCompareAndSetPlain(memory, offset, expected, value);
    }

    public static boolean weakCasIntVolatile(ByteBuffer memory, int offset, int expected, int value) {
        return INT.weakCompareAndSet(memory, offset, expected, value);
    }

    public static boolean weakCasIntAcquire(ByteBuffer memory, int offset, int expected, int value) {
        return INT.weakCompareAndSetAcquire(memory, offset, expected, value);
    }

    public static boolean weakCasIntRelease(ByteBuffer memory, int offset, int expected, int value) {
        return INT.weakCompareAndSetRelease(memory, offset, expected, value);
    }

    public static int swapInt(ByteBuffer memory, int offset, int value) {
        return (int) INT.getAndSet(memory, offset, value);
    }

    public static int orInt(ByteBuffer memory, int offset, int bits) {
        return (int) INT.getAndBitwiseOr(memory, offset, bits);
    }

    /** Raises a word to at least a value. */
    public static void raiseInt(ByteBuffer memory, int offset, int value) {
        int seen = intVolatile(memory, offset);
        while (seen < value && !casInt(memory, offset, seen, value)) {
            seen = intVolatile(memory, offset);
        }
    }

    public static int addInt(ByteBuffer memory, int offset, int delta) {
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    public static long longPlain(ByteBuffer memory, int offset) {
        return (long) LONG.get(memory, offset);
    }

    public static long longOpaque(ByteBuffer memory, int offset) {
        return (long) LONG.getOpaque(memory, offset);
    }

    public static void putLongOpaque(ByteBuffer memory, int offset, long value) {
        LONG.setOpaque(memory, offset, value);
    }

    public static long longAcquire(ByteBuffer memory, int offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    public static long longVolatile(ByteBuffer memory, int offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    public static void putLongPlain(ByteBuffer memory, int offset, long value) {
        LONG.set(memory, offset, value);
    }

    public static void putLongRelease(ByteBuffer memory, int offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    public static void putLongVolatile(ByteBuffer memory, int offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    public static boolean casLong(ByteBuffer memory, int offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    public static long exchangeLong(ByteBuffer memory, int offset, long expected, long value) {
        return (long) LONG.compareAndExchange(memory, offset, expected, value);
    }

    public static long exchangeLongAcquire(ByteBuffer memory, int offset, long expected, long value) {
        return (long) LONG.compareAndExchangeAcquire(memory, offset, expected, value);
    }

    public static long exchangeLongRelease(ByteBuffer memory, int offset, long expected, long value) {
        return (long) LONG.compareAndExchangeRelease(memory, offset, expected, value);
    }

    public static boolean weakCasLongPlain(ByteBuffer memory, int offset, long expected, long value) {
        return LONG.weakCompareAndSetPlain(memory, offset, expected, value);
    }

    public static boolean weakCasLongVolatile(ByteBuffer memory, int offset, long expected, long value) {
        return LONG.weakCompareAndSet(memory, offset, expected, value);
    }

    public static boolean weakCasLongAcquire(ByteBuffer memory, int offset, long expected, long value) {
        return LONG.weakCompareAndSetAcquire(memory, offset, expected, value);
    }

    public static boolean weakCasLongRelease(ByteBuffer memory, int offset, long expected, long value) {
        return LONG.weakCompareAndSetRelease(memory, offset, expected, value);
    }

    public static long swapLong(ByteBuffer memory, int offset, long value) {
        return (long) LONG.getAndSet(memory, offset, value);
    }

    public static long addLong(ByteBuffer memory, int offset, long delta) {
        return (long) LONG.getAndAdd(memory, offset, delta);
    }
}
