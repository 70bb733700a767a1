package org.processmanager.sync.internal.value;

import org.processmanager.sync.internal.wait.WakeWord;

/**
 * Layout of a long, version 2, and of an int or boolean, version 1. Offsets in bytes, native order.
 *
 * <pre>
 *    0 +------------------------------+------------------------------+-----+
 *      | value 8; int, boolean: 4     | WAITERS 1 bit, sequence 31 4 | 0 4 |   the futex ({@link WakeWord})
 *   16 +------------------------------+------------------------------+-----+
 * </pre>
 *
 * <p>Both words lie on one line, since each change of the value reads the other.
 */
public final class ValueLayout {
    public static final int LONG_LAYOUT = 2;
    public static final int INT_LAYOUT = 1;
    public static final int BYTES = 16;

    private static final int WAKE_WORD = 8;

    private ValueLayout() {}

    static int wakeWord(int value) {
        return value + WAKE_WORD;
    }
}
