package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.OpenMode;

/** Pipes without a name, where they differ from FIFOs. */
@Timeout(180)
class PipeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @BeforeAll
    static void needsTheNativeLayer() {
        Assumptions.assumeTrue(NativeLayer.available(), "pipes need the native layer");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return message == null ? "CLOSED" : new String(message, UTF_8);
    }

    private static String rejection(Class<? extends RuntimeException> type, Supplier<?> call) {
        return assertThrows(type, call::get).getMessage();
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }

    @Test
    @Scenario("pipe/2")
    void whatAPipeCannotDo_isRefusedByName() {
        for (String named : List.of("pipe:jobs", "pipe:/tmp/jobs", "pipe:", "pipe:/proc/self/fd/x", "pipe:/dev/fd/")) {
            String text = rejection(IllegalArgumentException.class, () -> Ipc.sender(named));
            assertTrue(text.contains(named) && text.contains("Ipc.pair") && text.contains("fifo:"), text);
            assertEquals(text, rejection(IllegalArgumentException.class, () -> Ipc.receiver(named)));
        }
        assertTrue(rejection(UnsupportedOperationException.class, () -> Ipc.delete("pipe:"))
                .contains("close their ends"));
        assertTrue(rejection(UnsupportedOperationException.class, () -> Ipc.forChild("pipe:"))
                .contains("senderForChild"));
        assertTrue(rejection(UnsupportedOperationException.class, () -> Ipc.pair("fifo:"))
                .contains("pipe:"));
        assertTrue(rejection(UnsupportedOperationException.class, () -> Ipc.pair("mapped:?mode=broadcast"))
                .contains("forChild"));
        assertTrue(rejection(IllegalArgumentException.class, () -> Ipc.pair("pipe:jobs"))
                .contains("no name"));
        assertTrue(rejection(IllegalArgumentException.class, () -> Ipc.pair("pipe:?size=1"))
                .contains("size"));
        for (String bad : List.of("capacity=0", "capacity=2", "max=1g", "end=soon")) {
            assertTrue(rejection(IllegalArgumentException.class, () -> Ipc.pair("pipe:?" + bad))
                    .contains(bad.substring(0, bad.indexOf('='))));
        }
        assertTrue(
                rejection(IllegalArgumentException.class, () -> Ipc.sender("pipe:/proc/self/fd/3", OpenMode.CREATE_NEW))
                        .contains("CREATE_NEW"));
    }

    @Test
    @Scenario("pipe/2")
    void foreignDescriptors_areRejectedAndUnchanged() {
        assertTrue(rejection(ChannelException.class, () -> Ipc.sender("pipe:/proc/self/fd/999999"))
                .contains("999999"));
        int file = Files.open("/dev/null", Files.O_RDWR, 0);
        try {
            String text = rejection(ChannelException.class, () -> Ipc.receiver("pipe:/proc/self/fd/" + file));
            assertTrue(text.contains("not a FIFO"), text);
            assertEquals(0, Files.read(file, new byte[1], 1), "it is as it was");
        } finally {
            Files.close(file);
        }
    }

    @Test
    void capacity_isThatOfThePipe() throws Exception {
        try (ChannelPair pair = Ipc.pair("pipe:?capacity=8k");
                MessageReceiver receiver = pair.receiver();
                MessageSender sender = pair.sender()) {
            assertEquals("delivery", rejection(NullPointerException.class, () -> pair.receiver(null)));
            assertEquals(8192, receiver.snapshot().capacityBytes());
            sender.send(new byte[100]);
            assertTrue(receiver.snapshot().backlogBytes() >= 100);
        }
    }

    @Test
    @Scenario("pipe/1")
    void inheritedDescriptor_isReplacedByTheOpenEnds() throws Exception {
        try (ChannelPair pair = Ipc.pair("pipe:");
                MessageReceiver receiver = pair.receiver()) {
            int descriptor = pair.senderForChild().openForChild();
            try {
                String endpoint = "pipe:/dev/fd/" + descriptor;
                assertTrue(rejection(ChannelException.class, () -> Ipc.receiver(endpoint))
                        .contains("sending end"));
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "the descriptor is an end");
                for (int i = 0; i < 2; i++) {
                    try (MessageSender sender = Ipc.sender(endpoint);
                            MessageSender another = Ipc.sender(endpoint)) {
                        sender.send(bytes("a" + i));
                        another.send(bytes("b" + i));
                        assertEquals("a" + i, textOf(receiver.receive()));
                        assertEquals("b" + i, textOf(receiver.receive()));
                    }
                    assertNull(receiver.receive(LONG));
                    assertTrue(receiver.isChannelClosed(), "the descriptor is no end any longer");
                }
            } finally {
                Files.close(descriptor);
            }
        }
    }

    /** An opened and closed descriptor is what a start leaves whose program cannot be executed. */
    @Test
    @Scenario("pipe/1")
    void failedStart_closesTheChannelUntilTheNext() throws Exception {
        try (ChannelPair pair = Ipc.pair("pipe:");
                MessageReceiver receiver = pair.receiver()) {
            assertEquals(ReceiveResult.EMPTY, receiver.receive(java.nio.ByteBuffer.allocate(1), Duration.ZERO));
            Files.close(pair.senderForChild().openForChild());
            assertNull(receiver.receive());
            try (MessageSender sender = pair.sender()) {
                sender.send(bytes("again"));
                assertEquals("again", textOf(receiver.receive()));
            }
        }
        try (ChannelPair pair = Ipc.pair("pipe:");
                MessageSender sender = pair.sender()) {
            sender.send(bytes("kept"));
            Files.close(pair.receiverForChild().openForChild());
            assertThrows(NotConnectedException.class, () -> sender.send(bytes("x")), "reported once");
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(bytes("x")));
            Background<Void> patient = Background.runAndBlock(() -> sender.send(bytes("y")));
            try (MessageReceiver receiver = pair.receiver()) {
                patient.get();
                assertEquals("kept", textOf(receiver.receive(LONG)), "its sender still had the pipe open");
                assertEquals("y", textOf(receiver.receive(LONG)));
            }
        }
    }

    @Test
    @Scenario("pipe/4")
    void nextReceiver_waitsForTheSenderOfTheFirst() throws Exception {
        try (ChannelPair pair = Ipc.pair("pipe:");
                MessageSender sender = pair.sender()) {
            pair.receiver().close();
            assertThrows(NotConnectedException.class, () -> sender.send(bytes("x")));
            try (MessageReceiver receiver = pair.receiver()) {
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "the sender is open");
                sender.send(bytes("y"));
                assertEquals("y", textOf(receiver.receive(LONG)));
                sender.close();
                assertNull(receiver.receive());
            }
        }
    }

    @Test
    @Scenario("pipe/4")
    void senderOpenedAfterTheReceiverLeft_reportsIt() throws Exception {
        try (ChannelPair pair = Ipc.pair("pipe:")) {
            pair.receiver().close();
            try (MessageSender sender = pair.sender()) {
                assertThrows(NotConnectedException.class, () -> sender.send(bytes("x")));
            }
        }
    }

    @Test
    @Scenario("pipe/4")
    void closedPair_leavesItsOpenEnds() throws Exception {
        ChannelPair pair = Ipc.pair("pipe:");
        try (MessageReceiver receiver = pair.receiver()) {
            try (MessageSender sender = pair.sender()) {
                pair.close();
                pair.close();
                sender.send(bytes("x"));
                assertEquals("x", textOf(receiver.receive()));
            }
            assertNull(receiver.receive());
        }
        assertThrows(IllegalStateException.class, pair::sender);
        assertThrows(IllegalStateException.class, pair::receiver);
        assertThrows(IllegalStateException.class, () -> pair.senderForChild().openForChild());
        assertThrows(IllegalStateException.class, () -> pair.receiverForChild().openForChild());

        ChannelPair unopened = Ipc.pair("pipe:");
        try (MessageReceiver receiver = unopened.receiver()) {
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            unopened.close();
            assertNull(receiving.get(), "its sending end will never be opened");
        }
    }

    @Test
    @Scenario("pipe/4")
    void unclosedPairs_areCollectedWithTheirEnds() throws Exception {
        Ipc.pair("pipe:").close();
        int before = descriptors();
        List<MessageSender> last = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ChannelPair pair = Ipc.pair("pipe:");
            pair.receiver();
            last.add(pair.sender());
        }
        assertTrue(descriptors() > before);
        last.clear();
        Eventually.assertThat(LONG, "the descriptors are closed", () -> {
            System.gc();
            return descriptors() <= before;
        });
    }
}
