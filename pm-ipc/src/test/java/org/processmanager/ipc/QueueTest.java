package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.buffer.CellBuffer;
import org.processmanager.sync.internal.region.Region;

/** What queues do beside the contract of all transports. */
@Timeout(180)
class QueueTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS =
            new LeakCheck().allowing("descriptor of /tmp/ffi.*").allowing("descriptor of anon_inode:.event(poll|fd).");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel") + "?mode=queue";
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

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return message == null ? null : new String(message, UTF_8);
    }

    private List<RegionSnapshot.NamedObject> inspect() {
        return SharedMemory.snapshot(ChannelPath.of(Endpoint.parse(endpoint))).objects();
    }

    @Test
    @Scenario("ipc/8")
    @Scenario("research-ipc/11")
    void fourSendersAndReceivers_passEachMessageOnce() throws Exception {
        int each = Soak.scaled(250_000, 2_500);
        int parties = 4;
        AtomicIntegerArray seen = new AtomicIntegerArray(parties * each);
        List<Background<Void>> receiving = new ArrayList<>();
        List<Background<Void>> sending = new ArrayList<>();
        List<MessageReceiver> receivers = new ArrayList<>();
        List<MessageSender> senders = new ArrayList<>();
        try {
            for (int i = 0; i < parties; i++) {
                MessageSender sender = sender();
                senders.add(sender);
                int first = i * each;
                sending.add(Background.run(() -> {
                    for (int n = first; n < first + each; n++) {
                        byte[] message = new byte[Integer.BYTES + n % 200];
                        Arrays.fill(message, (byte) n);
                        sender.send(ByteBuffer.wrap(message).putInt(0, n));
                    }
                    sender.close();
                }));
            }
            for (int i = 0; i < parties; i++) {
                MessageReceiver receiver = receiver(i % 2 == 0 ? Delivery.AT_MOST_ONCE : Delivery.AT_LEAST_ONCE);
                receivers.add(receiver);
                receiving.add(Background.run(() -> {
                    int[] last = {-1, -1, -1, -1};
                    receiver.forEach((buffer, offset, length) -> {
                        int number = buffer.getInt(offset);
                        int from = number / each;
                        assertTrue(number > last[from], number + " after " + last[from] + ", of one sender");
                        last[from] = number;
                        for (int at = Integer.BYTES; at < length; at++) {
                            assertEquals((byte) number, buffer.get(offset + at));
                        }
                        seen.incrementAndGet(number);
                    });
                }));
            }
            for (Background<Void> party : sending) {
                party.get();
            }
            for (Background<Void> party : receiving) {
                party.get(); // all receivers found the end
            }
        } finally {
            receivers.forEach(MessageReceiver::close);
            senders.forEach(MessageSender::close);
        }
        for (int n = 0; n < parties * each; n++) {
            assertEquals(1, seen.get(n), "message " + n);
        }
    }

    @Test
    void throwingHandler_givesTheMessageToAnotherReceiver() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver one = receiver(Delivery.AT_LEAST_ONCE);
                MessageReceiver two = receiver(Delivery.AT_LEAST_ONCE)) {
            sender.send(bytes("a"));
            assertThrows(
                    IllegalStateException.class,
                    () -> one.poll(
                            (b, o, l) -> {
                                throw new IllegalStateException("expected");
                            },
                            1));
            assertEquals("a", textOf(two.receive()));
            assertEquals(0, one.poll((b, o, l) -> {}, 1));
        }
    }

    @Test
    @Scenario("forms/5")
    void heldMessage_keepsTheOthersFromTheEnd() throws Exception {
        try (MessageReceiver busy = receiver(Delivery.AT_LEAST_ONCE);
                MessageReceiver other = receiver()) {
            try (MessageSender sender = sender()) {
                sender.send(bytes("held"));
            }
            assertThrows(
                    IllegalStateException.class,
                    () -> busy.poll(
                            (b, o, l) -> {
                                assertEquals(0, other.poll((b2, o2, l2) -> {}, 1), "not closed: it may come back");
                                throw new IllegalStateException("expected");
                            },
                            1));
            assertEquals("held", textOf(other.receive()));
            assertNull(other.receive());
            assertNull(busy.receive());
        }
    }

    @Test
    void closedReceiver_givesItsMessageBack() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver other = receiver()) {
            MessageReceiver busy = receiver(Delivery.AT_LEAST_ONCE);
            sender.send(bytes("a"));
            assertThrows(
                    IllegalStateException.class,
                    () -> busy.receive(
                            new Codec<String>() {
                                @Override
                                public ByteBuffer encode(String value) {
                                    throw new AssertionError();
                                }

                                @Override
                                public String decode(ByteBuffer buffer, int offset, int length) {
                                    throw new IllegalStateException("expected");
                                }
                            },
                            LONG));
            busy.close();
            assertEquals("a", textOf(other.receive(LONG)));
        }
    }

    @Test
    void options_setMaximumAndRoom() throws Exception {
        endpoint += "&max=100&capacity=4k";
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            assertEquals(100, sender.maxMessageBytes());
            assertEquals(4_000, sender.snapshot().capacityBytes());
            String text = assertThrows(IllegalArgumentException.class, () -> sender.offer(new byte[101]))
                    .getMessage();
            assertTrue(text.contains("100") && text.contains("max"), text);
            for (int i = 0; i < 40; i++) {
                assertEquals(SendStatus.SENT, sender.offer(new byte[100]));
            }
            assertEquals(SendStatus.FULL, sender.offer(new byte[0]));
            assertEquals(40 * 100, receiver.snapshot().backlogBytes());
            for (String other : List.of("max=101", "capacity=8k")) {
                String plain = endpoint.substring(0, endpoint.indexOf('&'));
                String rejection = assertThrows(ChannelException.class, () -> Ipc.receiver(plain + "&" + other))
                        .getMessage();
                assertTrue(rejection.contains("omit"), rejection);
            }
        }
    }

    @Test
    void badOptions_areRejectedAndCreateNothing() {
        for (String bad : List.of("max=0", "max=2g", "max=1m", "receivers=3", "policy=block")) {
            String text = assertThrows(IllegalArgumentException.class, () -> Ipc.sender(endpoint + "&" + bad))
                    .getMessage();
            assertTrue(text.contains("option "), text);
        }
        assertFalse(Files.exists(tmp.sharedFile("channel")));
    }

    @Test
    void bufferThatWasEnded_isAnErrorOfTheChannel() throws Exception {
        try (MessageSender sender = sender();
                Region region = Region.open(tmp.sharedFile("channel"), OpenMode.OPEN_EXISTING, 0)) {
            new CellBuffer(region, region.objects().find("messages", SyncObjectTypes.BOUNDED_BUFFER)).end();
            assertThrows(ChannelException.class, () -> sender.offer(bytes("x")));
            assertThrows(ChannelException.class, () -> sender.send(bytes("x")));
        }
    }

    @Test
    void inspection_countsTheEnds() throws Exception {
        try (MessageSender one = sender();
                MessageSender two = sender();
                MessageReceiver receiver = receiver()) {
            assertEquals(
                    List.of("messages", "channel"),
                    inspect().stream().map(o -> o.name()).toList());
            assertEquals("queue", inspect().get(1).type());
            assertEquals("2 senders, 1 receiver", inspect().get(1).state());
            one.send(bytes("a"));
            two.send(bytes("b"));
            assertEquals("2 of 64 filled", inspect().get(0).state());
            ChannelSnapshot snapshot = receiver.snapshot();
            assertEquals(3, snapshot.peers().size());
            assertTrue(snapshot.connected());
        }
        assertEquals("no sender, no receiver", inspect().get(1).state());
    }

    @Test
    @Scenario("ipc/18")
    void snapshot_ofAnUnlinkedQueue_isAnswered() throws Exception {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            Files.delete(ChannelPath.of(Endpoint.parse(endpoint)));
            Eventually.assertThat(LONG, "the sender notices", () -> sender.offer(bytes("x")) == SendStatus.CLOSED);
            assertEquals(0, sender.snapshot().backlogBytes());
            Eventually.assertThat(LONG, "the receiver notices", () -> {
                receiver.snapshot();
                return receiver.poll((b, o, l) -> {}, 1) == MessageReceiver.CLOSED;
            });
            assertEquals(0, receiver.snapshot().backlogBytes());
        }
    }
}
