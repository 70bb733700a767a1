package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Requests and replies over two channels, within one process. */
@Timeout(180)
class RequesterTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private String requests;
    private String replies;

    private void use(String scheme) {
        assumeTrue(NativeLayer.available() || !scheme.equals("fifo"), "FIFOs need the native layer");
        requests = scheme + ":" + tmp.name("requests");
        replies = scheme + ":" + tmp.name("replies");
    }

    private Requester requester() {
        return new Requester(Ipc.sender(requests), Ipc.receiver(replies));
    }

    private Replier replier() {
        return new Replier(Ipc.receiver(requests), Ipc.sender(replies));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String ask(Requester requester, String text) throws InterruptedException {
        byte[] reply = requester.request(bytes(text), LONG);
        return reply == null ? null : new String(reply, UTF_8);
    }

    /** Answers with the request in brackets; fails on "bad". */
    private static byte[] bracket(byte[] request) throws Exception {
        String text = new String(request, UTF_8);
        if (text.equals("bad")) {
            throw new java.io.IOException("no such price");
        }
        return bytes("[" + text + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "fifo", "unix"})
    @Scenario("request/1")
    void request_isAnsweredOrFailsByName(String scheme) throws Exception {
        use(scheme);
        try (Replier replier = replier()) {
            Background<Void> serving;
            try (Requester requester = requester()) {
                serving = Background.run(() -> replier.serve(RequesterTest::bracket));
                assertEquals("[a]", ask(requester, "a"));
                assertEquals("[]", ask(requester, ""));
                RequestFailedException failed = assertThrows(RequestFailedException.class, () -> ask(requester, "bad"));
                assertEquals("java.io.IOException: no such price", failed.reason());
                assertTrue(failed.getMessage().contains(requests), failed.getMessage());
                assertEquals("[b]", ask(requester, "b"));
            }
            serving.get();
            assertTrue(replier.isChannelClosed(), "the requester is gone");
        }
    }

    @Test
    @Scenario("request/1")
    void lateReply_isDiscarded() throws Exception {
        use("mapped");
        try (Replier replier = replier();
                Requester requester = requester()) {
            assertNull(requester.request(bytes("early"), SHORT), "no replier serves");
            CountDownLatch timedOut = new CountDownLatch(1);
            Background<Boolean> first = Background.start(() -> replier.serveOne(RequesterTest::bracket, LONG));
            assertTrue(first.get());
            Background<Boolean> slow = Background.start(() -> replier.serveOne(
                    request -> {
                        timedOut.await();
                        return bracket(request);
                    },
                    LONG));
            assertNull(requester.request(bytes("slow"), SHORT));
            timedOut.countDown();
            assertTrue(slow.get());
            Background<Boolean> next = Background.start(() -> replier.serveOne(RequesterTest::bracket, LONG));
            assertEquals("[next]", ask(requester, "next"));
            assertTrue(next.get());
        }
    }

    @Test
    void replyOfAnotherRequest_isDiscarded() throws Exception {
        use("mapped");
        try (Requester requester = requester();
                MessageReceiver received = Ipc.receiver(requests);
                MessageSender sender = Ipc.sender(replies)) {
            Background<String> asking = Background.start(() -> ask(requester, "x"));
            ByteBuffer message = ByteBuffer.wrap(received.receive());
            // What docs and javadoc state, byte by byte.
            assertEquals("PMRQ", new String(message.array(), 0, 4, UTF_8));
            assertEquals(1, message.getInt(4));
            assertTrue(
                    message.getInt(24) > LONG.toMillis() / 2 && message.getInt(24) <= LONG.toMillis() + 1,
                    "timeout in ms");
            assertEquals("x", new String(message.array(), 28, 1, UTF_8));
            message.putInt(4, 2);
            long number = message.getLong(16);
            sender.send(message.putLong(16, number - 1).put(28, (byte) 'y').duplicate());
            long id = message.getLong(8);
            sender.send(message.putLong(16, number).putLong(8, ~id).duplicate());
            sender.send(message.putLong(8, id).put(28, (byte) 'z').duplicate());
            assertEquals("z", asking.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "fifo", "unix"})
    @Scenario("request/2")
    void replierThatCloses_isReportedAtOnce(String scheme) throws Exception {
        use(scheme);
        try (Requester requester = requester()) {
            Replier replier = replier();
            Background<byte[]> asking = Background.start(() -> requester.request(bytes("x"), Duration.ofMinutes(1)));
            assertThrows(
                    IllegalStateException.class,
                    () -> replier.serveOne(
                            request -> {
                                replier.close();
                                return request;
                            },
                            LONG));
            assertThrows(ReplyLostException.class, asking::get);
        }
    }

    @Test
    void requesterWithoutReplier_isNotConnected() throws Exception {
        use("fifo");
        try (Requester requester = requester()) {
            NotConnectedException e =
                    assertThrows(NotConnectedException.class, () -> requester.request(bytes("x"), SHORT));
            assertTrue(e.getMessage().contains(requests), e.getMessage());
        }
    }

    @Test
    void replierThatStartsAgain_servesTheNextRequests() throws Exception {
        use("fifo");
        replies += "?end=never";
        try (Requester requester = requester()) {
            for (int i = 0; i < 3; i++) {
                try (Replier replier = replier()) {
                    Background<Boolean> serving =
                            Background.start(() -> replier.serveOne(RequesterTest::bracket, LONG));
                    assertEquals("[" + i + "]", ask(requester, "" + i));
                    serving.get();
                }
            }
        }
    }

    @Test
    void threads_shareARequester() throws Exception {
        use("mapped");
        try (Replier replier = replier()) {
            Background<Void> serving;
            try (Requester requester = requester()) {
                serving = Background.run(() -> replier.serve(RequesterTest::bracket));
                List<Background<Void>> asking = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    String prefix = "t" + t + "-";
                    asking.add(Background.run(() -> {
                        for (int i = 0; i < 100; i++) {
                            assertEquals("[" + prefix + i + "]", ask(requester, prefix + i));
                        }
                    }));
                }
                for (Background<Void> each : asking) {
                    each.get();
                }
            }
            serving.get();
        }
    }

    @Test
    void secondThread_waitsWithinItsTimeout() throws Exception {
        use("mapped");
        try (Requester requester = requester()) {
            Background<byte[]> first = Background.startAndBlock(() -> requester.request(bytes("a"), LONG));
            assertNull(requester.request(bytes("b"), SHORT));
            assertFalse(first.isDone());
            requester.close();
            assertThrows(IllegalStateException.class, first::get);
        }
    }

    @Test
    @Scenario("request/3")
    void twoRequestersOnOneChannel_areRejected() throws Exception {
        use("fifo");
        try (Replier replier = replier();
                Requester first = requester();
                Requester second = new Requester(Ipc.sender(requests), Ipc.receiver(replies + "-2"))) {
            Background<Void> serving = Background.run(() -> replier.serve(RequesterTest::bracket));
            assertEquals("[a]", ask(first, "a"));
            assertNull(second.request(bytes("b"), SHORT), "its replies go to the first");
            RequestFailedException e = assertThrows(RequestFailedException.class, () -> ask(first, "c"));
            assertTrue(e.reason().contains("two requesters"), e.reason());
            assertFalse(serving.isDone());
            first.close();
            second.close();
            serving.get();
        }
    }

    @Test
    @Scenario("request/3")
    void foreignMessages_areNamedAndDiscarded() throws Exception {
        use("fifo");
        try (Replier replier = replier();
                Requester requester = requester();
                MessageSender toReplier = Ipc.sender(requests);
                MessageSender toRequester = Ipc.sender(replies)) {
            byte[] ofUnknownKind =
                    ByteBuffer.allocate(28).put(bytes("PMRQ")).putInt(9).array();
            for (byte[] foreign : List.of(new byte[0], bytes("PMRQ"), new byte[100], ofUnknownKind)) {
                toReplier.send(foreign);
                ChannelException e =
                        assertThrows(ChannelException.class, () -> replier.serveOne(RequesterTest::bracket, LONG));
                assertTrue(e.getMessage().contains(requests), e.getMessage());
            }
            assertFalse(replier.serveOne(RequesterTest::bracket, Duration.ZERO));
            assertFalse(replier.isChannelClosed());
            Background<String> asking = Background.start(() -> ask(requester, "x"));
            assertTrue(replier.serveOne(
                    request -> {
                        toRequester.send(new byte[50]);
                        return bracket(request);
                    },
                    LONG));
            ChannelException e = assertThrows(ChannelException.class, asking::get);
            assertTrue(e.getMessage().contains(replies), e.getMessage());
        }
    }

    @Test
    void tooLongMessages_areRejectedByTheirLength() throws Exception {
        use("mapped");
        requests += "?max=64k";
        replies += "?capacity=4k&max=2k";
        try (Replier replier = replier();
                Requester requester = requester()) {
            assertThrows(IllegalArgumentException.class, () -> requester.request(new byte[1 << 20], LONG));
            for (Object outcome : new Object[] {new byte[4000], new IllegalStateException("é".repeat(3000))}) {
                Background<String> asking = Background.start(() -> ask(requester, "x"));
                replier.serveOne(
                        request -> {
                            if (outcome instanceof Exception e) {
                                throw e;
                            }
                            return (byte[]) outcome;
                        },
                        LONG);
                RequestFailedException e = assertThrows(RequestFailedException.class, asking::get);
                assertTrue(
                        e.reason().startsWith("reply of 4000 bytes")
                                || e.reason().contains("éé"),
                        e.reason());
            }
            Background<String> asking = Background.start(() -> ask(requester, "x"));
            replier.serveOne(request -> null, LONG);
            assertTrue(assertThrows(RequestFailedException.class, asking::get)
                    .reason()
                    .contains("null"));
        }
    }

    @Test
    void errorOfAHandler_failsTheRequestAndIsThrown() throws Exception {
        use("mapped");
        try (Replier replier = replier();
                Requester requester = requester()) {
            AssertionError error = new AssertionError("expected");
            Background<String> asking = Background.start(() -> ask(requester, "x"));
            assertSame(
                    error,
                    assertThrows(
                            AssertionError.class,
                            () -> replier.serveOne(
                                    request -> {
                                        throw error;
                                    },
                                    LONG)));
            assertThrows(RequestFailedException.class, asking::get);
        }
    }

    /** Replies that are not taken fill their channel; the replier discards them and continues. */
    @Test
    void requesterThatGivesUp_doesNotBlockTheReplier() throws Exception {
        use("mapped");
        requests += "?max=64k";
        replies += "?capacity=4k&max=2k";
        try (Replier replier = replier();
                Requester requester = requester()) {
            for (int i = 0; i < 5; i++) {
                assertNull(requester.request(bytes("x"), Duration.ofMillis(1)));
                assertTrue(replier.serveOne(request -> new byte[1500], LONG));
            }
            Background<Boolean> serving = Background.start(() -> replier.serveOne(RequesterTest::bracket, LONG));
            assertEquals("[y]", ask(requester, "y"));
            assertTrue(serving.get());
        }
    }
}
