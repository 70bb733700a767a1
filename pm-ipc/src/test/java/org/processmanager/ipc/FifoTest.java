package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.sync.OpenMode.CREATE_NEW;
import static org.processmanager.sync.OpenMode.OPEN_EXISTING;
import static org.processmanager.sync.OpenMode.OPEN_OR_CREATE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** FIFOs, beyond the contract of all transports. */
@Timeout(180)
class FifoTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String endpoint;
    private Path file;

    @BeforeEach
    void nameTheChannel() {
        Assumptions.assumeTrue(NativeLayer.available(), "FIFOs need the native layer");
        endpoint = "fifo:" + tmp.name("channel");
        file = tmp.sharedFile("channel");
    }

    private MessageSender sender() {
        return Ipc.sender(endpoint);
    }

    private MessageReceiver receiver() {
        return Ipc.receiver(endpoint);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return message == null ? null : new String(message, UTF_8);
    }

    private boolean exists() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    // ---- creating and removing

    @Test
    void receiver_removesTheFifoThatItCreated() {
        try (MessageReceiver receiver = receiver()) {
            assertTrue(exists());
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
        }
        assertFalse(exists());
    }

    @Test
    void receiver_leavesAnExistingFifo() throws Exception {
        Path fifo = tmp.path("made by mkfifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        endpoint = "fifo:" + fifo;
        try (MessageReceiver receiver = Ipc.receiver(endpoint, OPEN_EXISTING);
                MessageSender sender = sender()) {
            sender.send(bytes("x"));
            assertEquals("x", textOf(receiver.receive()));
        }
        assertThrows(ChannelExistsException.class, () -> Ipc.receiver(endpoint, CREATE_NEW));
        assertTrue(Files.exists(fifo));
    }

    @Test
    void receiver_leavesAFileThatReplacedItsFifo() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            Files.delete(file);
            Files.write(file, bytes("another's"));
            assertEquals(MessageReceiver.CLOSED, receiver.poll((b, o, l) -> {}, 1));
        }
        assertEquals("another's", Files.readString(file));
    }

    @Test
    void sender_neverCreatesAFifo() {
        try (MessageSender sender = sender()) {
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(bytes("x")));
            assertFalse(exists());
        }
        String text = assertThrows(IllegalArgumentException.class, () -> Ipc.sender(endpoint, CREATE_NEW))
                .getMessage();
        assertTrue(text.contains("receiver"), text);
    }

    @Test
    void senderOfAStaleFifo_isNotConnected() throws Exception {
        Path fifo = tmp.path("stale");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        try (MessageSender sender = Ipc.sender("fifo:" + fifo, OPEN_EXISTING)) {
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(bytes("x")));
            assertEquals(SendStatus.NOT_CONNECTED, sender.send(bytes("x"), Duration.ofMillis(30)));
        }
    }

    @Test
    void sender_rejectsAFileCreatedLater() throws Exception {
        try (MessageSender sender = sender()) {
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(bytes("x")));
            Files.write(file, bytes("no fifo"));
            assertThrows(ChannelException.class, () -> sender.offer(bytes("x")));
            assertEquals("no fifo", Files.readString(file));
            Files.delete(file);
            try (MessageReceiver receiver = receiver()) {
                assertEquals(SendStatus.SENT, sender.offer(bytes("x")));
                assertEquals("x", textOf(receiver.receive()));
            }
        }
    }

    @Test
    @Scenario("ipc/16")
    void fifoOfAnotherUser_isRejected() throws Exception {
        Path fifo = tmp.path("foreign");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        boolean given =
                new ProcessBuilder("chown", "65534", fifo.toString()).start().waitFor() == 0;
        Assumptions.assumeTrue(given, "only root can give a file away");
        String text = assertThrows(ChannelException.class, () -> Ipc.receiver("fifo:" + fifo, OPEN_OR_CREATE))
                .getMessage();
        assertTrue(text.contains("65534"), text);
        assertThrows(ChannelException.class, () -> Ipc.sender("fifo:" + fifo, OPEN_OR_CREATE));
    }

    // ---- many senders, long messages

    @Test
    void severalSenders_interleaveWholeMessages() throws Exception {
        int senders = 3;
        int messages = Soak.scaled(3_000, 150);
        CountDownLatch begun = new CountDownLatch(senders);
        try (MessageReceiver receiver = receiver()) {
            List<Background<Void>> sending = new ArrayList<>();
            for (int id = 0; id < senders; id++) {
                int number = id;
                sending.add(Background.start(() -> {
                    Random random = new Random(number);
                    try (MessageSender sender = sender()) {
                        for (int i = 0; i < messages; i++) {
                            byte[] message = new byte[8 + random.nextInt(60_000)];
                            random.nextBytes(message);
                            ByteBuffer.wrap(message).putInt(0, number).putInt(4, i);
                            sender.send(message);
                            begun.countDown();
                            begun.await(); // otherwise the channel might close between two senders
                        }
                    }
                    return null;
                }));
            }
            Map<Integer, Integer> next = new HashMap<>();
            Random[] randoms = {new Random(0), new Random(1), new Random(2)};
            receiver.forEach(message -> {
                int id = ByteBuffer.wrap(message).getInt(0);
                assertEquals(
                        next.merge(id, 1, Integer::sum) - 1,
                        ByteBuffer.wrap(message).getInt(4));
                byte[] expected = new byte[8 + randoms[id].nextInt(60_000)];
                randoms[id].nextBytes(expected);
                System.arraycopy(message, 0, expected, 0, 8);
                assertArrayEquals(expected, message);
            });
            for (Background<Void> each : sending) {
                each.get();
            }
            assertEquals(Map.of(0, messages, 1, messages, 2, messages), next);
        }
    }

    /** More than four at once, which is more than a receiver reassembles at once. */
    @ParameterizedTest
    @CsvSource({"5, 1048576, 1m", "30, 200000, 1m"})
    @Scenario("public-ipc/1")
    void longMessagesOfManySenders_allArrive(int senders, int length, String max) throws Exception {
        endpoint += "?max=" + max;
        CountDownLatch opened = new CountDownLatch(senders);
        CountDownLatch received = new CountDownLatch(1);
        try (MessageReceiver receiver = receiver()) {
            List<Background<Void>> sending = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                sending.add(Background.run(() -> {
                    try (MessageSender sender = sender()) {
                        sender.send(bytes("here"));
                        opened.countDown();
                        opened.await();
                        sender.send(new byte[length]);
                        received.await(); // otherwise the channel might close between two senders
                    }
                }));
            }
            int complete = 0;
            while (complete < senders) {
                byte[] message = receiver.receive();
                if (message.length > 4) {
                    assertEquals(length, message.length);
                    complete++;
                }
            }
            received.countDown();
            for (Background<Void> each : sending) {
                each.get();
            }
            assertNull(receiver.receive());
        }
    }

    /** Their beginnings are in the receiver, and they neither send nor close. */
    @Test
    @Scenario("public-ipc/1")
    void sendersThatGaveUp_holdNobodyUp() throws Exception {
        byte[] message = new byte[1 << 20];
        endpoint += "?max=1m";
        List<MessageSender> idle = new ArrayList<>();
        try (MessageReceiver receiver = receiver();
                MessageSender last = sender()) {
            for (int i = 0; i < 9; i++) {
                MessageSender sender = sender();
                idle.add(sender);
                Background<Void> sending = Background.runAndBlock(() -> sender.send(message));
                sending.thread().interrupt();
                assertThrows(InterruptedException.class, sending::get);
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
            }
            Background<Void> sending = Background.run(() -> last.send(message));
            assertEquals(message.length, receiver.receive().length);
            sending.get();
        } finally {
            idle.forEach(MessageSender::close);
        }
    }

    @Test
    void interruptedCommit_sleepsUntilThereIsRoom() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender();
                MessageSender other = sender();
                Batch batch = sender.batch()) {
            assertEquals(SendStatus.SENT, batch.offer(new byte[1_000]), "more than fits behind the others");
            int before = 0;
            while (other.offer(new byte[4_000]) == SendStatus.SENT) {
                before++;
            }
            Background<Boolean> committing = Background.startAndBlock(() -> {
                Thread.currentThread().interrupt();
                batch.commit();
                return Thread.interrupted();
            });
            for (int i = 0; i < before; i++) {
                assertEquals(4_000, receiver.receive().length);
            }
            assertEquals(1_000, receiver.receive().length);
            assertTrue(committing.get(), "its interrupt is kept");
        }
    }

    @Test
    @Scenario("public-ipc/2")
    void offerLongerThanThePipe_isRefused() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender();
                MessageSender other = sender()) {
            byte[] message = new byte[200_000]; // three times the pipe
            String text = assertThrows(IllegalArgumentException.class, () -> sender.offer(message))
                    .getMessage();
            assertTrue(text.contains("65024") && text.contains("capacity"), text);
            try (Batch batch = sender.batch()) {
                assertThrows(IllegalArgumentException.class, () -> batch.offer(message));
            }
            assertEquals(SendStatus.FULL, sender.send(message, Duration.ZERO));
            assertEquals(0, receiver.snapshot().backlogBytes());
            assertEquals(SendStatus.FULL, sender.send(message, Duration.ofMillis(30)), "no receiver reads");
            assertEquals(SendStatus.SENT, other.offer(bytes("x")), "it has left room");
            assertEquals("x", textOf(receiver.receive()));
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            assertEquals(SendStatus.SENT, sender.send(message, LONG));
            assertEquals(message.length, receiving.get().length);
        }
    }

    @Test
    @Scenario("public-ipc/2")
    void offerWithoutRoomForAll_leavesNothing() throws Exception {
        byte[] message = new byte[40_000];
        new Random(1).nextBytes(message);
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender();
                MessageSender other = sender()) {
            assertEquals(SendStatus.SENT, other.offer(new byte[30_000]));
            long backlog = receiver.snapshot().backlogBytes();
            assertEquals(SendStatus.FULL, sender.offer(message));
            assertEquals(SendStatus.FULL, sender.send(message, Duration.ofMillis(30)));
            assertEquals(backlog, receiver.snapshot().backlogBytes());
            assertEquals(SendStatus.SENT, other.offer(bytes("small")));
            assertEquals(30_000, receiver.receive().length);
            assertEquals("small", textOf(receiver.receive()));
            assertEquals(SendStatus.SENT, sender.offer(message));
            assertArrayEquals(message, receiver.receive());
        }
    }

    @Test
    void pipe_isFullExactlyWhenTheRoomIsUsedUp() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            for (int length : new int[] {4_065, 5_000, 20_000, 65_024}) {
                assertEquals(SendStatus.SENT, sender.offer(new byte[length]), () -> length + " bytes");
                assertEquals(length, receiver.receive().length);
            }
            assertThrows(IllegalArgumentException.class, () -> sender.offer(new byte[65_025]));
            Random random = new Random(2);
            for (int i = 0; i < 2_000; i++) {
                int length = random.nextInt(random.nextBoolean() ? 200 : 30_000);
                while (sender.offer(new byte[length]) == SendStatus.FULL) {
                    assertTrue(receiver.poll((b, o, l) -> {}, 1 + random.nextInt(3)) > 0, "nothing is in the channel");
                }
            }
        }
    }

    @Test
    void partialMessageOfAClosedSender_isDiscarded() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender other = sender()) {
            other.send(bytes("before"));
            try (MessageSender sender = sender()) {
                Background<Void> sending = Background.runAndBlock(() -> sender.send(new byte[200_000]));
                sending.thread().interrupt();
                assertThrows(InterruptedException.class, sending::get);
            }
            assertEquals("before", textOf(receiver.receive()));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            other.send(bytes("after"));
            assertEquals("after", textOf(receiver.receive()));
        }
    }

    @Test
    void max_limitsMessagesAtBothEnds() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint + "?max=10", OPEN_OR_CREATE);
                MessageSender same = Ipc.sender(endpoint + "?max=10", OPEN_OR_CREATE);
                MessageSender longer = Ipc.sender(endpoint + "?max=1k", OPEN_OR_CREATE)) {
            assertThrows(IllegalArgumentException.class, () -> same.offer(new byte[11]));
            same.send(new byte[10]);
            assertEquals(10, receiver.receive().length);
            longer.send(new byte[11]);
            String text = assertThrows(ChannelCorruptException.class, receiver::receive)
                    .getMessage();
            assertTrue(text.contains("11 bytes") && text.contains("max"), text);
        }
        assertThrows(IllegalArgumentException.class, () -> Ipc.sender(endpoint + "?max=1g", OPEN_OR_CREATE));
    }

    @Test
    @Scenario("public-ipc/6")
    void capacity_isRequestedFromTheKernel() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint + "?capacity=256k", OPEN_OR_CREATE)) {
            long capacity = receiver.snapshot().capacityBytes();
            Assumptions.assumeTrue(capacity != 65_536, "beyond this user's quota of pipes");
            assertEquals(256 << 10, capacity);
        }
        try (MessageReceiver receiver = Ipc.receiver(endpoint + "?capacity=4k", OPEN_OR_CREATE);
                MessageSender sender = sender()) {
            assertEquals(4 << 10, receiver.snapshot().capacityBytes());
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            sender.send(new byte[100_000]);
            assertEquals(100_000, receiving.get().length);
        }
        for (String bad : List.of("2", "4095", "2g")) {
            String text = assertThrows(
                            IllegalArgumentException.class, () -> Ipc.receiver(endpoint + "?capacity=" + bad))
                    .getMessage();
            assertTrue(text.contains("4096 to 1073741824"), text);
        }
    }

    // ---- receivers that leave

    @Test
    void sender_reportsAClosedReceiverOnce() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            sender.send(bytes("x"));
            receiver.close();
            assertThrows(NotConnectedException.class, () -> sender.send(bytes("y")));
            Background<Void> sending = Background.runAndBlock(() -> sender.send(bytes("patient")));
            try (MessageReceiver next = receiver()) {
                assertEquals("patient", textOf(next.receive()));
                sending.get();
            }
        }
    }

    // ---- names and descriptors

    @Test
    @Scenario("public-ipc/3")
    void removedName_closesTheChannelOfAConnectedReceiver() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("last"));
            Files.delete(file);
            assertEquals("last", textOf(receiver.receive()));
            assertNull(receiver.receive());
            assertTrue(receiver.isChannelClosed());
        }
    }

    @Test
    @Scenario("public-ipc/3")
    void renamedFifo_losesItsSender() throws Exception {
        try (MessageReceiver old = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("old"));
            Files.move(file, tmp.path("renamed"));
            try (MessageReceiver next = receiver()) {
                Eventually.assertThat(LONG, "the sender finds the new FIFO", () -> {
                    SendStatus unused = sender.offer(bytes("new"));
                    return next.poll((b, o, l) -> {}, 1) == 1;
                });
            }
            assertEquals("old", textOf(old.receive()));
            while (old.receive() != null) {
                // what was sent before the sender noticed it
            }
        }
    }

    @Test
    @Scenario("public-ipc/4")
    void unclosedEnds_giveTheirDescriptorsBack() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            int before = descriptors();
            for (int i = 0; i < 100; i++) {
                assertEquals(SendStatus.SENT, sender().offer(bytes("x")));
                Ipc.receiver("fifo:" + tmp.path("unclosed" + i));
            }
            Eventually.assertThat(LONG, "the descriptors are closed", () -> {
                System.gc();
                return descriptors() <= before;
            });
            for (int i = 0; i < 100; i++) {
                assertFalse(Files.exists(tmp.path("unclosed" + i)), "its receiver created it");
            }
            assertEquals("x", textOf(receiver.receive()));
        }
        receiver().close();
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }

    // ---- hostile writers

    @Test
    @Scenario("ipc/20")
    void garbage_isReportedAsDamage() throws Exception {
        Random random = new Random(20);
        List<byte[]> garbage = new ArrayList<>(List.of(bytes("hello\n"), new byte[1], new byte[100_000]));
        byte[] noise = new byte[300_000];
        random.nextBytes(noise);
        garbage.add(noise);
        for (byte[] each : garbage) {
            MessageReceiver receiver = receiver();
            try {
                Background<Void> writing = Background.start(() -> write(each));
                ChannelCorruptException damage = assertThrows(ChannelCorruptException.class, receiver::receive);
                assertTrue(damage.getMessage().contains(endpoint), damage.getMessage());
                assertThrows(ChannelCorruptException.class, () -> receiver.poll((b, o, l) -> {}, 1));
                receiver.close();
                writing.get();
            } finally {
                receiver.close();
            }
        }
    }

    private Void write(byte[] garbage) {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(garbage);
        } catch (IOException e) {
            // the receiver rejected it and closed the pipe
        }
        return null;
    }

    @Test
    @Scenario("ipc/20")
    void garbageBehindMessages_isReportedBehindThem() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("good"));
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write(new byte[40]);
            }
            assertEquals("good", textOf(receiver.receive()));
            assertEquals(
                    36,
                    assertThrows(ChannelCorruptException.class, receiver::receive)
                            .position());
        }
    }

    // ---- no allocation

    @Test
    void handlerForm_allocatesNothing() throws Exception {
        int messages = 100;
        byte[] message = new byte[64];
        ByteBuffer buffer = ByteBuffer.wrap(message);
        AtomicLong sum = new AtomicLong();
        MessageHandler handler = (b, offset, length) -> sum.addAndGet(b.getLong(offset));
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver()) {
            sender.send(message);
            receiver.receive(ByteBuffer.allocate(64), LONG);
            long used = Allocation.leastOf(100, () -> {
                for (int i = 0; i < messages; i++) {
                    sender.offer(buffer);
                }
                if (receiver.poll(handler, messages) != messages) {
                    throw new AssertionError("some are missing");
                }
            });
            assertEquals(0, used, "bytes for " + messages + " messages");
            assertTrue(receiver.snapshot().slowestReceiver().isEmpty());
        }
    }
}
