package org.processmanager.sync.internal.region.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Layout of the record of a dead participant in an object that it spoiled: its slot is reused. Offsets in bytes, native order.
 *
 * <pre>
 *     0 +---------------------------------------------+
 *       | pid 8 | name: UTF-8, filled up with 0    56 |   pid 0: none died
 *    64 +---------------------------------------------+
 * </pre>
 */
public final class VictimLayout {
    public static final int BYTES = 64;

    private static final int PID = 0;
    private static final int NAME = 8;

    private VictimLayout() {}

    /** Records the participant in a slot, before the words that make others look for it; a second victim replaces the first. */
    public static void record(ByteBuffer region, int victim, int slot) {
        byte[] name = SlotLayout.namePlain(region, slot).getBytes(StandardCharsets.UTF_8);
        region.put(victim + NAME, Arrays.copyOf(name, SlotLayout.NAME_BYTES));
        Words.putLongVolatile(region, victim + PID, SlotLayout.pidPlain(region, slot));
    }

    /** Returns the pid of the victim; 0 if none died. */
    public static long pidVolatile(ByteBuffer region, int victim) {
        return Words.longVolatile(region, victim + PID);
    }

    /** Returns the victim in words: {@code pid 4711 (com.example.Shop)}. */
    public static String describe(ByteBuffer region, int victim) {
        byte[] name = new byte[SlotLayout.NAME_BYTES];
        region.get(victim + NAME, name);
        return "pid " + pidVolatile(region, victim) + " (" + new String(name, StandardCharsets.UTF_8).trim() + ")";
    }
}
