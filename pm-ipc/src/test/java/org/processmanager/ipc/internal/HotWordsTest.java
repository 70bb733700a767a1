package org.processmanager.ipc.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The copy of a message into a lane. */
class HotWordsTest {
    private static final int OFFSET = 24;
    private static final byte AROUND = 85;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(512).order(ByteOrder.nativeOrder());

    @Test
    void copy_writesTheMessageAndNothingElse() {
        byte[] content = new byte[300];
        new Random(1).nextBytes(content);
        for (ByteBuffer message :
                List.of(ByteBuffer.wrap(content), ByteBuffer.allocateDirect(300).put(0, content))) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                for (int length = 0; length <= 200; length++) {
                    check(message.order(order), length, content);
                }
            }
        }
    }

    private void check(ByteBuffer message, int length, byte[] content) {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, AROUND);
        }
        int from = length % 9;
        HotWords.copy(memory, HotWords.longs(memory), OFFSET, message, from, length);
        byte[] expected = new byte[memory.capacity()];
        Arrays.fill(expected, AROUND);
        System.arraycopy(content, from, expected, OFFSET, length);
        byte[] found = new byte[memory.capacity()];
        memory.get(0, found);
        assertArrayEquals(expected, found, length + " bytes, " + message);
        assertEquals(0, message.position());
    }
}
