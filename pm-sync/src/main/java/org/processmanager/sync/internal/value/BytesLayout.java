package org.processmanager.sync.internal.value;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.mutex.MutexLayout;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of bytes, version 1: a value of variable length in two copies. Offsets in bytes, native order.
 *
 * <pre>
 *      0 +------------------------------+------------------------+
 *        | mutex of the writers ({@link MutexLayout})            128 |
 *    128 +------------------------------+------------------------+
 *        | version                    8 | length of copy 0     4 |   the current copy: version modulo 2
 *    140 | length of copy 1           4 | pad                 48 |
 *    192 +------------------------------+------------------------+
 *        | WAITERS 1 bit, sequence 31 4 | pad                 60 |   the futex ({@link WakeWord})
 *    256 +------------------------------+------------------------+
 *        | copy 0, copy 1: each rounded up to 128                |
 *        +-------------------------------------------------------+
 * </pre>
 */
public final class BytesLayout {
    public static final int LAYOUT = 1;

    static final int HEADER_BYTES = 256;

    private static final int VERSION = 128;
    private static final int LENGTHS = 136;
    private static final int WAKE_WORD = 192;

    private BytesLayout() {}

    /** Returns the bytes of such an object, which may exceed the largest region. */
    public static long bytes(int maxBytes) {
        return HEADER_BYTES + 2 * copyBytes(maxBytes);
    }

    private static long copyBytes(int maxBytes) {
        return RegionLayout.align(maxBytes, RegionLayout.OBJECT_ALIGNMENT);
    }

    static int wakeWord(int object) {
        return object + WAKE_WORD;
    }

    static long versionVolatile(ByteBuffer region, int object) {
        return Words.longVolatile(region, object + VERSION);
    }

    static void versionVolatile(ByteBuffer region, int object, long version) {
        Words.putLongVolatile(region, object + VERSION, version);
    }

    static int lengthPlain(ByteBuffer region, int object, long version) {
        return Words.intPlain(region, length(object, version));
    }

    static void lengthPlain(ByteBuffer region, int object, long version, int length) {
        Words.putIntPlain(region, length(object, version), length);
    }

    private static int length(int object, long version) {
        return object + LENGTHS + (int) (version & 1) * Integer.BYTES;
    }

    /** Returns the offset of the copy of a version. */
    static int copy(int object, long version, int maxBytes) {
        return object + HEADER_BYTES + (int) ((version & 1) * copyBytes(maxBytes));
    }
}
