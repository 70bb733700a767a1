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

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Unix sockets, beyond the contract of all transports. */
@Timeout(180)
class UnixTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PATH_LIMIT = 106;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String endpoint;
    private Path file;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "unix:" + tmp.name("channel");
        file = tmp.sharedFile("channel");
    }

    private MessageSender sender() {
        return Ipc.sender(endpoint);
    }

    private MessageReceiver receiver() {
        return Ipc.receiver(endpoint);
    }

    private SocketChannel foreignClient() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return message == null ? null : new String(message, UTF_8);
    }

    private static List<String> drain(MessageReceiver receiver) {
        List<String> messages = new ArrayList<>();
        receiver.poll(
                (buffer, offset, length) -> messages.add(Codec.utf8().decode(buffer, offset, length)),
                Integer.MAX_VALUE);
        return messages;
    }

    // ---- the socket's file

    @Test
    @Scenario("unix/1")
    void longPath_isRejectedWithTheLimit() throws Exception {
        String directory = tmp.directory() + "/";
        String longest = directory + "x".repeat(PATH_LIMIT - directory.length());
        try (MessageReceiver receiver = Ipc.receiver("unix:" + longest);
                MessageSender sender = Ipc.sender("unix:" + longest)) {
            sender.send(bytes("x"));
            assertEquals("x", textOf(receiver.receive()));
        }
        String tooLong = longest + "ü";
        for (String text : List.of(
                assertThrows(ChannelException.class, () -> Ipc.receiver("unix:" + tooLong))
                        .getMessage(),
                assertThrows(ChannelException.class, () -> Ipc.sender("unix:" + tooLong))
                        .getMessage(),
                assertThrows(ChannelException.class, () -> Ipc.delete("unix:" + tooLong))
                        .getMessage())) {
            assertTrue(text.contains(tooLong) && text.contains("108 bytes") && text.contains("106"), text);
            assertTrue(text.contains("choose a shorter path"), text);
        }
        assertThrows(ChannelException.class, () -> Ipc.receiver("unix:" + directory + "\udcff"), "not text");
    }

    @Test
    void staleSocket_isReplaced() throws Exception {
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(file));
        }
        assertTrue(Files.exists(file));
        assertThrows(ChannelExistsException.class, () -> Ipc.receiver(endpoint, CREATE_NEW));
        try (MessageSender sender = Ipc.sender(endpoint, OPEN_EXISTING)) {
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(bytes("x")));
            assertEquals(SendStatus.NOT_CONNECTED, sender.send(bytes("x"), Duration.ofMillis(30)));
            try (MessageReceiver receiver = Ipc.receiver(endpoint, OPEN_EXISTING)) {
                assertEquals(SendStatus.SENT, sender.offer(bytes("x")));
                assertEquals("x", textOf(receiver.receive()));
            }
        }
        assertFalse(Files.exists(file));
    }

    @Test
    @Scenario("ipc/16")
    void socketOfAnotherProgram_isLeftAlone() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(file));
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::receiver);
            assertEquals(ProcessHandle.current().pid(), busy.pid());
            try (SocketChannel stillThere = foreignClient()) {
                assertTrue(stillThere.isConnected());
            }
            try (MessageReceiver elsewhere = Ipc.receiver("unix:" + tmp.path("elsewhere"))) {
                Files.delete(file);
                Files.write(file, bytes("another's"));
                assertThrows(ChannelException.class, this::receiver);
                assertEquals(0, elsewhere.poll((b, o, l) -> {}, 1));
            }
            assertEquals("another's", Files.readString(file));
        }
    }

    @Test
    void receiver_leavesAFileThatReplacedItsSocket() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            Files.delete(file);
            Files.write(file, bytes("another's"));
            assertEquals(MessageReceiver.CLOSED, receiver.poll((b, o, l) -> {}, 1));
        }
        assertEquals("another's", Files.readString(file));
    }

    /** All threads find the same stale socket. */
    @Test
    @Scenario("unix/2")
    void receiversAtOnce_oneOpensTheStaleSocket() throws Exception {
        for (int round = 0; round < 5; round++) {
            try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                stale.bind(UnixDomainSocketAddress.of(file));
            }
            List<Background<MessageReceiver>> opening = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opening.add(Background.start(this::receiver));
            }
            MessageReceiver only = null;
            for (Background<MessageReceiver> each : opening) {
                try {
                    MessageReceiver opened = each.get();
                    assertNull(only);
                    only = opened;
                } catch (ChannelBusyException e) {
                    assertEquals(ProcessHandle.current().pid(), e.pid());
                }
            }
            only.close();
        }
    }

    /** Another process looks for a stale socket, which takes it a while; and one of another user connects to a socket. */
    @Test
    @Scenario("unix/2")
    void otherProcesses_lockAndConnect() throws Exception {
        Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
        Path socket = tmp.path("open to all");
        String script = "import fcntl, os, socket, sys\n"
                + "lock = open(sys.argv[1], 'w')\n"
                + "fcntl.lockf(lock, fcntl.LOCK_EX)\n"
                + "print('L', end='', flush=True)\n"
                + "sys.stdin.read(1)\n"
                + "lock.close()\n"
                + "os.setuid(65534)\n"
                + "sys.stdin.read(1)\n"
                + "client = socket.socket(socket.AF_UNIX)\n"
                + "client.connect(sys.argv[2])\n"
                + "client.send(b'garbage')\n"
                + "print('C', end='', flush=True)\n"
                + "client.recv(1)\n";
        Process python = new ProcessBuilder("python3", "-c", script, lock.toString(), socket.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream commands = python.getOutputStream();
                MessageReceiver receiver = Ipc.receiver("unix:" + socket)) {
            assertEquals('L', python.getInputStream().read());
            Background<MessageReceiver> opening = Background.startAndBlock(this::receiver);
            assertFalse(Files.exists(file));
            commands.write(' ');
            commands.flush();
            opening.get().close();
            assertFalse(Files.exists(lock));

            Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            commands.write(' ');
            commands.flush();
            Assumptions.assumeTrue(python.getInputStream().read() == 'C', "another user needs the superuser");
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "nothing of it is read");
            assertEquals(1, python.waitFor(), "its connection was reset");
        } finally {
            python.destroy();
            python.waitFor();
        }
    }

    // ---- many clients

    @Test
    @Scenario("public-ipc/1")
    void longMessagesOfFiveSenders_arriveWhole() throws Exception {
        int senders = 5;
        int length = 1 << 20;
        endpoint += "?max=1m";
        CountDownLatch opened = new CountDownLatch(senders);
        try (MessageReceiver receiver = receiver()) {
            List<Background<Void>> sending = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                byte[] message = pattern(length, i);
                sending.add(Background.run(() -> {
                    try (MessageSender sender = sender()) {
                        sender.send(bytes("here"));
                        opened.countDown();
                        opened.await();
                        sender.send(message);
                    }
                }));
            }
            boolean[] arrived = new boolean[senders];
            for (int i = 0; i < 2 * senders; i++) {
                byte[] message = receiver.receive();
                if (message.length > 4) {
                    int id = message[0];
                    assertFalse(arrived[id]);
                    assertArrayEquals(pattern(length, id), message);
                    arrived[id] = true;
                }
            }
            for (Background<Void> each : sending) {
                each.get();
            }
            assertNull(receiver.receive());
        }
    }

    private static byte[] pattern(int length, int id) {
        byte[] bytes = new byte[length];
        new Random(id).nextBytes(bytes);
        bytes[0] = (byte) id;
        return bytes;
    }

    @Test
    @Scenario("unix/5")
    void busyClient_doesNotKeepOthersWaiting() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender busy = sender();
                MessageSender other = sender()) {
            int sent = 0;
            while (busy.offer(new byte[4_000]) == SendStatus.SENT) {
                sent++;
            }
            assertTrue(sent > 30, sent + " messages fit");
            other.send(bytes("me too"));
            int before = 0;
            while (receiver.receive().length == 4_000) {
                before++;
            }
            assertTrue(before <= 20, before + " messages of the busy client came first");
            for (int i = before; i < sent; i++) {
                assertEquals(4_000, receiver.receive().length);
            }
        }
    }

    @Test
    @Scenario("ipc/24")
    @Scenario("unix/3")
    void oneClientTooMany_isRefused() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint + "?clients=2");
                MessageSender first = sender();
                MessageSender second = sender();
                MessageSender third = sender()) {
            first.send(bytes("a"));
            second.send(bytes("b"));
            assertEquals(List.of("a", "b"), drain(receiver));
            third.send(bytes("c"));
            third.send(new byte[20_000]);
            assertEquals(2, receiver.poll((b, o, l) -> {}, 9), "what it has sent is received");
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            String text = assertThrows(ChannelBusyException.class, () -> third.send(bytes("d")))
                    .getMessage();
            assertTrue(text.contains(endpoint) && text.contains("clients"), text);
            try (MessageSender brief = sender()) {
                brief.send(bytes("gone before it is accepted"));
            }
            assertEquals(List.of("gone before it is accepted"), drain(receiver));
            first.send(bytes("e"));
            assertEquals("e", textOf(receiver.receive()));
            second.close();
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            assertEquals(SendStatus.SENT, third.offer(bytes("f")));
            assertEquals(List.of("f"), drain(receiver));
        }
        for (String bad : List.of("0", "-1", "4k", "10001", "99999999999")) {
            String text = assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(endpoint + "?clients=" + bad))
                    .getMessage();
            assertTrue(text.endsWith(": " + bad + " (expected: 1 to 10000)"), text);
        }
    }

    @Test
    @Scenario("ipc/20")
    @Scenario("unix/4")
    void garbageOfAClient_endsOnlyItsConnection() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("before"));
            assertEquals("before", textOf(receiver.receive()));
            for (byte[] garbage : List.of(bytes("GET / HTTP/1.1\r\n\r\n........................"), pattern(3_000, 1))) {
                try (SocketChannel foreign = foreignClient()) {
                    foreign.write(ByteBuffer.wrap(garbage));
                    ChannelCorruptException damage =
                            assertThrows(ChannelCorruptException.class, () -> receiver.receive(LONG));
                    assertEquals(0, damage.position());
                    assertTrue(damage.getMessage().contains("connection"), damage.getMessage());
                    sender.send(bytes("after"));
                    assertEquals("after", textOf(receiver.receive()));
                    assertEquals(-1, foreign.read(ByteBuffer.allocate(1)), "disconnected");
                }
            }
            try (SocketChannel foreign = foreignClient()) {
                foreign.write(ByteBuffer.wrap(new byte[20])); // less than a header
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
            }
            assertThrows(ChannelCorruptException.class, () -> receiver.receive(LONG));
            sender.send(bytes("and on"));
            assertEquals("and on", textOf(receiver.receive()));
            foreignClient().close(); // says nothing
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
        }
    }

    @Test
    void messageAboveTheLimit_endsItsConnection() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint + "?max=1000");
                MessageSender large = sender();
                MessageSender small = sender()) {
            large.send(new byte[1_001]);
            small.send(bytes("x"));
            String text = assertThrows(ChannelCorruptException.class, () -> {
                        assertEquals("x", textOf(receiver.receive()));
                        receiver.receive();
                    })
                    .getMessage();
            assertTrue(text.contains("1001") && text.contains("option max"), text);
            small.send(bytes("y"));
            assertTrue(textOf(receiver.receive()).matches("x|y"));
        }
    }

    @Test
    void snapshot_listsTheClients() throws Exception {
        long pid = ProcessHandle.current().pid();
        try (MessageReceiver receiver = receiver();
                MessageSender one = sender();
                MessageSender two = sender()) {
            assertEquals(1, receiver.snapshot().peers().size(), "the receiver");
            one.send(bytes("x"));
            two.send(bytes("y"));
            assertEquals(2, drain(receiver).size());
            List<ChannelSnapshot.Peer> peers = receiver.snapshot().peers();
            assertEquals(3, peers.size());
            for (ChannelSnapshot.Peer peer : peers) {
                assertEquals(pid, peer.pid());
                assertFalse(peer.name().isEmpty());
            }
            two.close();
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
            assertEquals(2, receiver.snapshot().peers().size());
        }
    }

    // ---- writes

    /** The assumption behind one write per frame. */
    @Test
    void write_isAcceptedAsAWholeOrNotAtAll() throws Exception {
        Random random = new Random(5);
        try (MessageReceiver receiver = receiver();
                SocketChannel client = foreignClient()) {
            client.configureBlocking(false);
            ByteBuffer frame = ByteBuffer.allocateDirect(4096);
            for (int lap = 0; lap < 20; lap++) {
                int length = 1 + random.nextInt(4096);
                int written = length;
                while (written == length) {
                    written = client.write(frame.clear().limit(length));
                }
                assertEquals(0, written, "of " + length);
            }
            assertThrows(ChannelCorruptException.class, receiver::receive);
        }
    }

    @Test
    void offerThatIsTooLong_isRefused() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            byte[] message = new byte[4 << 20];
            sender.send(bytes("x"));
            String text = assertThrows(IllegalArgumentException.class, () -> sender.offer(message))
                    .getMessage();
            assertTrue(text.contains("send it"), text);
            int certain = Integer.parseInt(text.replaceAll(".*at most (\\d+).*", "$1"));
            assertEquals("x", textOf(receiver.receive()));
            byte[] longest = pattern(certain, 3);
            assertEquals(SendStatus.SENT, sender.offer(longest));
            assertEquals(SendStatus.FULL, sender.offer(longest), "its beginning is in the socket");
            assertEquals(SendStatus.FULL, sender.send(message, Duration.ofMillis(30)));
            assertArrayEquals(longest, receiver.receive());
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9), "beginnings are discarded");
            Background<byte[]> receiving = Background.start(receiver::receive);
            sender.send(longest);
            assertArrayEquals(longest, receiving.get());
        }
    }

    @Test
    void interruptedSend_discardsItsBeginning() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            Background<Void> sending = Background.runAndBlock(() -> sender.send(new byte[8 << 20]));
            sending.thread().interrupt();
            assertThrows(InterruptedException.class, sending::get);
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            sender.send(bytes("next"));
            assertEquals("next", textOf(receiver.receive()));
        }
    }
}
