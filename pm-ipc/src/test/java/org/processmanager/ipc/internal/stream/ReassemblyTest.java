package org.processmanager.ipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;
import org.processmanager.ipc.ChannelCorruptException;

class ReassemblyTest {
    private static final int MAX = 1 << 20;

    private final CRC32C crc = new CRC32C();
    private static final int PIPE = 64 << 10;

    private final Set<Long> gone = new HashSet<>();
    private long endPosition;
    private final Reassembly reassembly =
            new Reassembly("fifo:test", new TestPipe(), new Reassembly.Bounds(4, 1040, 4L * MAX + 4 * PIPE));

    /** A frame whose payload bytes are their offsets in the message. */
    private ByteBuffer frame(long sender, int sequence, int messageBytes, int fragmentOffset, int payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < payload; i++) {
            frame.put(FrameLayout.HEADER_BYTES + i, (byte) (fragmentOffset + i));
        }
        FrameLayout.writeHeader(frame, 0, crc, sender, sequence, messageBytes, fragmentOffset, payload);
        return frame;
    }

    /** A pipe whose senders are alive until they are {@link #gone}. */
    private final class TestPipe implements Reassembly.Stream {
        @Override
        public boolean isAlive(long sender) {
            return !gone.contains(sender);
        }

        @Override
        public long endPosition() {
            return endPosition;
        }
    }

    private PartialMessage add(long sender, int sequence, int messageBytes, int fragmentOffset, int payload) {
        return reassembly.add(frame(sender, sequence, messageBytes, fragmentOffset, payload), 0, 0);
    }

    private static byte[] contentOf(PartialMessage message) {
        byte[] bytes = new byte[message.messageBytes];
        message.content().get(0, bytes);
        return bytes;
    }

    private static byte[] offsets(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void fragmentsOfTwoSenders_areKeptApart() {
        assertNull(add(1, 5, 300, 0, 100));
        assertNull(add(2, 5, 200, 0, 150));
        assertNull(add(1, 5, 300, 100, 100));
        assertArrayEquals(offsets(200), contentOf(add(2, 5, 200, 150, 50)));
        assertArrayEquals(offsets(300), contentOf(add(1, 5, 300, 200, 100)));
        assertTrue(reassembly.isEmpty());
    }

    @Test
    void newMessage_discardsThePartialOne() {
        assertNull(add(1, 5, 300, 0, 100));
        assertNull(add(1, 6, 200, 0, 100));
        assertNotNull(add(1, 6, 200, 100, 100));
        assertNull(add(1, 7, 300, 0, 100));
        reassembly.discard(1);
        assertNull(add(1, 7, 300, 100, 200), "its first fragment was discarded");
        assertTrue(reassembly.isEmpty());
    }

    @Test
    void fragmentsThatDoNotContinue_areDiscarded() {
        assertNull(add(1, 5, 300, 100, 200), "no first fragment");
        assertNull(add(1, 5, 300, 0, 100));
        assertNull(add(1, 6, 300, 100, 200), "another message");
        assertNull(add(1, 5, 300, 100, 200), "discarded by the previous call");
        assertNull(add(1, 5, 300, 0, 100));
        assertNull(add(1, 5, 300, 200, 100), "a fragment is missing");
        assertNull(add(1, 5, 300, 0, 100));
        assertNull(add(1, 5, 400, 100, 100), "another length");
        assertTrue(reassembly.isEmpty());
    }

    @Test
    void messageOfADeadSender_isKeptUntilThePipeIsRead() {
        add(1, 5, 300, 0, 100);
        add(2, 5, 300, 0, 100);
        gone.add(1L);
        endPosition = 1_000;
        reassembly.discardAbandoned(900);
        assertNull(add(1, 5, 300, 100, 100), "it was still in the pipe");
        assertNotNull(add(1, 5, 300, 200, 100));
        add(1, 6, 300, 0, 100);
        reassembly.discardAbandoned(999);
        reassembly.discardAbandoned(1_000);
        assertNull(add(1, 6, 300, 100, 200), "discarded");
        assertNotNull(add(2, 5, 300, 100, 200), "that of the living sender is kept");
        assertTrue(reassembly.isEmpty());
    }

    /** Each gives up behind half a message, while others continue, so that the pipe is never empty. */
    @Test
    void sendersThatGiveUp_neverReachTheBound() {
        long position = 0;
        for (long sender = 1; sender <= 40; sender++) {
            for (int at = 0; at < MAX / 2; at += FrameLayout.MAX_PAYLOAD_BYTES) {
                endPosition = position + PIPE;
                assertNull(reassembly.add(
                        frame(sender, 0, MAX, at, Math.min(FrameLayout.MAX_PAYLOAD_BYTES, MAX - at)), 0, position));
                position += FrameLayout.MAX_FRAME_BYTES;
            }
            gone.add(sender);
        }
        assertTrue(reassembly.bytes() <= 5L * MAX, () -> reassembly.bytes() + " bytes");
    }

    @Test
    @Scenario("ipc/20")
    void announcedLengths_useNoMemory() {
        for (int sender = 1; sender <= 60; sender++) {
            assertNull(add(sender, 0, MAX, 0, 1));
        }
        assertTrue(reassembly.bytes() <= 60L * FrameLayout.MAX_FRAME_BYTES, () -> reassembly.bytes() + " bytes");
    }

    @Test
    @Scenario("ipc/20")
    void partialMessages_areBoundedInBytes() {
        ChannelCorruptException damage = assertThrows(ChannelCorruptException.class, () -> {
            for (int at = 0; at < MAX; at += 4_000) {
                for (int sender = 1; sender <= 6; sender++) {
                    add(sender, 0, MAX + 4_000, at, 4_000);
                }
            }
        });
        assertTrue(damage.getMessage().contains("" + (4 * MAX + 4 * PIPE)), damage.getMessage());
    }

    @Test
    @Scenario("ipc/20")
    void partialMessages_areBoundedInNumber() {
        ChannelCorruptException damage = assertThrows(ChannelCorruptException.class, () -> {
            for (int sender = 1; sender <= 2_000; sender++) {
                add(sender, 0, 10, 0, 1);
            }
        });
        assertTrue(damage.getMessage().contains("1040"), damage.getMessage());
    }

    @Test
    void array_growsWithTheFragmentsUpToTheLength() {
        PartialMessage message = new PartialMessage(1, 0, MAX);
        int fragmentOffset = 0;
        while (fragmentOffset < MAX) {
            int payload = Math.min(FrameLayout.MAX_PAYLOAD_BYTES, MAX - fragmentOffset);
            int growth = message.growthFor(payload);
            int before = message.arrayBytes();
            message.add(frame(1, 0, MAX, fragmentOffset, payload), 0, payload);
            assertEquals(before + growth, message.arrayBytes());
            assertTrue(message.arrayBytes() <= Math.max(2 * (fragmentOffset + payload), 64 << 10));
            fragmentOffset += payload;
        }
        assertEquals(MAX, message.arrayBytes());
        assertTrue(message.isComplete());
    }

    @Test
    void inconsistentHeaders_areRejected() {
        assertTrue(FrameLayout.isHeader(frame(1, 0, 0, 0, 0), 0, crc), "an empty message");
        assertTrue(FrameLayout.isHeader(frame(1, 0, 10, 5, 5), 0, crc));
        assertFalse(FrameLayout.isHeader(frame(0, 0, 1, 0, 1), 0, crc), "no sender");
        assertFalse(FrameLayout.isHeader(frame(-1, 0, 1, 0, 1), 0, crc), "sender below 0");
        assertFalse(FrameLayout.isHeader(frame(1, 0, -1, 0, 1), 0, crc), "length below 0");
        assertFalse(FrameLayout.isHeader(frame(1, 0, 10, -1, 1), 0, crc), "fragment offset below 0");
        assertFalse(FrameLayout.isHeader(frame(1, 0, 10, 8, 5), 0, crc), "beyond the length");
        assertFalse(FrameLayout.isHeader(frame(1, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 5), 0, crc));
        assertFalse(FrameLayout.isHeader(frame(1, 0, 10, 5, 0), 0, crc), "an empty fragment");
        for (int at = 0; at < FrameLayout.HEADER_BYTES; at++) {
            ByteBuffer frame = frame(1, 2, 3, 0, 3);
            frame.put(at, (byte) (frame.get(at) ^ 4));
            assertFalse(FrameLayout.isHeader(frame, 0, crc), "byte " + at);
        }
    }
}
