package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.ipc.Background.run;
import static org.processmanager.ipc.Background.runAndBlock;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.sync.OpenMode;

/** Messages of a mapped channel that are longer than half a lane, or than a lane. */
@Timeout(180)
class LongMessagesTest {
    private static final int CAPACITY = 4096;
    private static final int LONGEST_PIECE = CAPACITY / 2 - 8;
    private static final int LONGEST_WHOLE = CAPACITY - 48;
    private static final Duration SHORT = Duration.ofMillis(30);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel") + "?capacity=4k";
    }

    private MessageSender sender() {
        return Ipc.sender(endpoint);
    }

    private MessageReceiver receiver(Delivery delivery) {
        return Ipc.receiver(endpoint, OpenMode.OPEN_OR_CREATE, delivery);
    }

    private MessageReceiver receiver() {
        return receiver(Delivery.AT_MOST_ONCE);
    }

    private static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> drain(MessageReceiver receiver) {
        List<byte[]> got = new ArrayList<>();
        receiver.poll(
                (buffer, offset, length) -> {
                    byte[] message = new byte[length];
                    buffer.get(offset, message);
                    got.add(message);
                },
                Integer.MAX_VALUE);
        return got;
    }

    private static void assertMessages(List<byte[]> got, byte[]... expected) {
        assertEquals(expected.length, got.size());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], got.get(i), "message " + i);
        }
    }

    // ---- what fits into the lane at once

    @Test
    @Scenario("ipc/5")
    void offer_aboveHalfTheLane_fitsAtEveryPosition() {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            for (int i = 0; i < 2 * CAPACITY / 8; i++) {
                byte[] message = pattern(LONGEST_WHOLE - i % 16, i);
                assertEquals(SendStatus.SENT, sender.offer(message), "message " + i);
                assertEquals(SendStatus.FULL, sender.offer(new byte[LONGEST_PIECE + 1]));
                assertMessages(drain(receiver), message);
                assertEquals(SendStatus.SENT, sender.offer(new byte[1 + i % 24]));
                assertEquals(1, drain(receiver).size());
            }
        }
    }

    @Test
    @Scenario("ipc/2")
    void refusedOffer_leavesTheChannelAsItWas() {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            byte[] small = pattern(100, 1);
            assertEquals(SendStatus.SENT, sender.offer(small));
            ChannelInspection before = Ipc.inspect(endpoint);
            assertEquals(SendStatus.FULL, sender.offer(new byte[LONGEST_WHOLE]));
            assertEquals(before, Ipc.inspect(endpoint));
            assertMessages(drain(receiver), small);
            assertEquals(SendStatus.SENT, sender.offer(new byte[LONGEST_WHOLE]));
        }
    }

    @Test
    void offer_aboveTheLane_isRejectedByItsLimit() {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            byte[] message = new byte[LONGEST_WHOLE + 1];
            String text = assertThrows(IllegalArgumentException.class, () -> sender.offer(message))
                    .getMessage();
            assertTrue(text.contains("0 to " + LONGEST_WHOLE) && text.contains("send"), text);
            try (Batch batch = sender.batch()) {
                assertThrows(IllegalArgumentException.class, () -> batch.offer(message));
            }
            text = assertThrows(IllegalArgumentException.class, () -> sender.tryClaim(LONGEST_PIECE + 1))
                    .getMessage();
            assertTrue(text.contains("0 to " + LONGEST_PIECE), text);
            assertThrows(IllegalArgumentException.class, () -> sender.claim(LONGEST_PIECE + 1));
            assertEquals(List.of(), drain(receiver));
        }
    }

    @Test
    void wholeMessage_atLeastOnce_comesAgain() throws Exception {
        byte[] message = pattern(3_000, 1);
        try (MessageSender sender = sender()) {
            try (MessageReceiver first = receiver(Delivery.AT_LEAST_ONCE)) {
                sender.send(message);
                assertThrows(IllegalArgumentException.class, () -> first.receive(ByteBuffer.allocate(2_999), SHORT));
                assertThrows(IllegalStateException.class, () -> first.poll(LongMessagesTest::fail, 9));
                assertThrows(IllegalStateException.class, () -> first.poll(LongMessagesTest::fail, 9));
            }
            try (MessageReceiver next = receiver(Delivery.AT_MOST_ONCE)) {
                assertThrows(IllegalStateException.class, () -> next.poll(LongMessagesTest::fail, 9));
                assertEquals(List.of(), drain(next), "at most once");
                assertEquals(1, next.snapshot().messages());
            }
        }
    }

    private static void fail(ByteBuffer buffer, int offset, int length) {
        throw new IllegalStateException("expected");
    }

    @Test
    void batch_withMessagesOfAllLengths_keepsTheOrder() throws Exception {
        byte[][] messages = {pattern(10, 1), pattern(3_000, 2), pattern(20, 3), pattern(900, 4), pattern(9_000, 5)};
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            try (Batch batch = sender.batch()) {
                assertEquals(SendStatus.SENT, batch.offer(messages[0]));
                assertEquals(SendStatus.SENT, batch.offer(messages[1]));
                assertEquals(SendStatus.SENT, batch.offer(messages[2]));
                assertEquals(List.of(), drain(receiver), "they are held back");
                assertEquals(SendStatus.FULL, batch.offer(new byte[2_500]));
                assertMessages(drain(receiver), messages[0], messages[1], messages[2]);
            }
            Background<Void> sending = run(() -> {
                try (Batch batch = sender.batch()) {
                    for (byte[] message : messages) {
                        batch.send(ByteBuffer.wrap(message));
                    }
                }
            });
            for (byte[] message : messages) {
                assertArrayEquals(message, receiver.receive());
            }
            sending.get();
        }
    }

    // ---- what is longer than the lane

    @Test
    @Scenario("research-ipc/5")
    void sendersOfAllLengths_keepTheirOrders() throws Exception {
        endpoint += "&senders=2";
        int count = 150;
        try (MessageReceiver receiver = receiver(Delivery.AT_LEAST_ONCE);
                MessageSender first = sender();
                MessageSender second = sender()) {
            List<Background<Void>> sending = new ArrayList<>();
            for (MessageSender sender : List.of(first, second)) {
                int number = sending.size();
                sending.add(run(() -> {
                    Random random = new Random(number);
                    for (int i = 0; i < count; i++) {
                        sender.send(message(number, i, random));
                    }
                }));
            }
            Random[] randoms = {new Random(0), new Random(1)};
            int[] next = new int[2];
            for (int i = 0; i < 2 * count; i++) {
                byte[] got = receiver.receive();
                int number = got[0];
                assertArrayEquals(message(number, next[number], randoms[number]), got, "message " + next[number]);
                next[number]++;
            }
            for (Background<Void> each : sending) {
                each.get();
            }
        }
    }

    private static byte[] message(int sender, int number, Random random) {
        int length = 1 + random.nextInt(number % 3 == 0 ? 30_000 : number % 3 == 1 ? LONGEST_WHOLE : 100);
        byte[] message = pattern(length, number);
        message[0] = (byte) sender;
        return message;
    }

    @Test
    void streamedMessage_whoseHandlerThrows_comesAgain() throws Exception {
        byte[] message = pattern(20_000, 1);
        try (MessageReceiver receiver = receiver(Delivery.AT_LEAST_ONCE);
                MessageSender sender = sender()) {
            Background<Void> sending = run(() -> {
                sender.send(message);
                sender.send(new byte[1]);
            });
            for (int i = 0; i < 3; i++) {
                String text = assertThrows(
                                IllegalArgumentException.class,
                                () -> receiver.receive(ByteBuffer.allocate(19_999), Duration.ofSeconds(20)))
                        .getMessage();
                assertTrue(text.contains("20000"), text);
            }
            assertArrayEquals(message, receiver.receive());
            assertArrayEquals(new byte[1], receiver.receive());
            sending.get();
        }
    }

    @Test
    @Scenario("channels/12")
    void timedSend_thatEndsWithin_isNotReceived() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            assertEquals(SendStatus.FULL, sender.send(new byte[9_000], Duration.ZERO));
            assertEquals(0, sender.snapshot().backlogBytes(), "nothing was begun");
            assertEquals(SendStatus.FULL, sender.send(new byte[9_000], SHORT));
            Background<Void> sending = runAndBlock(() -> sender.send(new byte[9_000]));
            sending.thread().interrupt();
            assertThrows(InterruptedException.class, sending::get);
            assertEquals(List.of(), drain(receiver));
            byte[] next = pattern(3_000, 2);
            sender.send(new byte[2]);
            assertEquals(SendStatus.SENT, sender.offer(next));
            assertMessages(drain(receiver), new byte[2], next);
            assertEquals(2, sender.snapshot().messages());
            assertEquals(0, receiver.snapshot().backlogBytes());
        }
    }

    @Test
    void stream_withoutReceiver_waitsForTheFirst() throws Exception {
        byte[] message = pattern(9_000, 1);
        try (MessageSender sender = sender()) {
            Background<Void> sending = runAndBlock(() -> sender.send(message));
            try (MessageReceiver receiver = receiver()) {
                assertArrayEquals(message, receiver.receive());
                sending.get();
            }
        }
    }

    @Test
    void receiverThatClosesWithin_isReported() throws Exception {
        byte[] message = pattern(9_000, 1);
        try (MessageSender sender = sender()) {
            MessageReceiver first = receiver();
            Background<Void> sending = runAndBlock(() -> sender.send(message));
            assertEquals(0, first.poll((b, o, l) -> {}, 1), "it has taken a part");
            first.close();
            try (MessageReceiver next = receiver()) {
                // The sender finds out by the lack of a receiver, or that this is another one when there is room.
                Eventually.assertThat(
                        Duration.ofSeconds(60), "given up", () -> drain(next).isEmpty() && sending.isDone());
                assertThrows(NotConnectedException.class, sending::get);
                assertEquals(List.of(), drain(next));
                Background<Void> again = run(() -> sender.send(message));
                assertArrayEquals(message, next.receive());
                again.get();
            }
        }
    }

    @Test
    void closedOrDeletedChannel_endsTheStream() throws Exception {
        MessageSender closed = sender();
        try (MessageReceiver receiver = receiver()) {
            Background<Void> sending = runAndBlock(() -> closed.send(new byte[9_000]));
            closed.close();
            assertThrows(IllegalStateException.class, sending::get);
            assertNull(receiver.receive(), "the senders are gone");
            try (MessageSender sender = sender()) {
                Background<Void> deleted = runAndBlock(() -> sender.send(new byte[9_000]));
                Ipc.delete(endpoint);
                assertThrows(ChannelClosedException.class, deleted::get);
            }
        }
    }

    // ---- limits

    @Test
    void max_isThatOfTheCreator() throws Exception {
        try (MessageSender sender = Ipc.sender(endpoint + "&max=10000")) {
            assertEquals(10_000, sender.maxMessageBytes());
            String text = assertThrows(IllegalArgumentException.class, () -> sender.send(new byte[10_001]))
                    .getMessage();
            assertTrue(text.contains("0 to 10000, option max"), text);
            Ipc.receiver(endpoint).close();
            Ipc.receiver(endpoint + "&max=10000").close();
            text = assertThrows(ChannelException.class, () -> Ipc.receiver(endpoint + "&max=10001"))
                    .getMessage();
            assertTrue(text.contains("10000"), text);
        }
        assertThrows(IllegalArgumentException.class, () -> Ipc.sender(endpoint + "&max=1g"));
        Ipc.delete(endpoint);
        try (MessageSender sender = Ipc.sender(endpoint + "&max=100")) {
            sender.claim(100).close();
            assertThrows(IllegalArgumentException.class, () -> sender.claim(101));
            assertThrows(IllegalArgumentException.class, () -> sender.offer(new byte[101]));
        }
        String broadcast = "mapped:" + tmp.name("broadcast") + "?mode=broadcast&max=1m";
        String text = assertThrows(IllegalArgumentException.class, () -> Ipc.sender(broadcast))
                .getMessage();
        assertTrue(text.contains("max"), text);
    }

    // ---- reading back

    @Test
    void lastMessages_showWholeOnesAndParts() throws Exception {
        byte[] whole = pattern(3_000, 1);
        byte[] streamed = pattern(9_000, 2);
        try (MessageSender sender = sender()) {
            try (MessageReceiver receiver = receiver()) {
                sender.send(new byte[1_000]);
                assertEquals(1, drain(receiver).size());
                sender.send(whole);
                KeptMessage kept = last();
                assertArrayEquals(whole, kept.bytes(), "across the end of the lap");
                assertEquals(List.of(0, 3_000), List.of(kept.offset(), kept.messageBytes()));
                assertEquals(1, drain(receiver).size());
                assertTrue(last().received());
                Background<Void> sending = run(() -> sender.send(streamed));
                assertArrayEquals(streamed, receiver.receive());
                sending.get();
            }
            KeptMessage part = last();
            assertEquals(9_000, part.messageBytes());
            assertEquals(9_000, part.offset() + part.bytes().length, "the end of it");
            assertTrue(part.offset() > 0);
            assertEquals(streamed[part.offset()], part.bytes()[0]);
        }
    }

    private KeptMessage last() {
        List<KeptMessage> kept = Ipc.lastMessages(endpoint, 1);
        assertEquals(1, kept.size());
        return kept.get(0);
    }
}
