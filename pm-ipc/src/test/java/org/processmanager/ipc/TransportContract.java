package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;

/** The guarantees of every transport, tested in one JVM. The subclass of a transport defines its endpoints. */
@Timeout(180)
@Scenario("research-ipc/55")
abstract class TransportContract {
    protected static final Duration SHORT = Duration.ofMillis(50);
    protected static final Duration LONG = Duration.ofSeconds(60);

    /** JNA keeps a file open for the code that it generates, and the event loop that watches processes stays. */
    @RegisterExtension
    static final LeakCheck LEAKS =
            new LeakCheck().allowing("descriptor of /tmp/ffi.*").allowing("descriptor of anon_inode:.event(poll|fd).");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** The endpoint under test. */
    protected String endpoint;

    /** Returns the scheme under test. */
    protected abstract String scheme();

    /** Returns whether messages can be sent before there is a receiver. */
    protected abstract boolean keepsMessagesWithoutReceiver();

    /** Returns whether {@link MessageSender#claim} is supported. */
    protected abstract boolean canClaim();

    /** Returns whether several senders can have the channel open at once. */
    protected boolean acceptsSeveralSenders() {
        return true;
    }

    /** Returns whether several receivers can have the channel open at once. */
    protected boolean acceptsSeveralReceivers() {
        return false;
    }

    /** Returns whether messages of a batch are received only after its commit. */
    protected boolean holdsBatchesBack() {
        return true;
    }

    /** Returns whether a snapshot counts the bytes that were not yet read from the channel. */
    protected boolean countsBacklog() {
        return true;
    }

    /** Returns whether the channel has a file, so that the target of an endpoint is a name or a path. */
    protected boolean hasFile() {
        return true;
    }

    /** Returns whether the channel has no name, so that {@link Ipc#pair} creates it and its ends are passed to children. */
    protected boolean isAnonymous() {
        return false;
    }

    /** Returns whether {@link Ipc#delete} is supported. */
    protected boolean canBeDeleted() {
        return true;
    }

    /** Returns whether {@link Ipc#forChild} is supported. */
    protected boolean canBePassed() {
        return hasFile();
    }

    /** Returns whether the transport works without the native layer. */
    protected boolean isPortable() {
        return true;
    }

    /** Returns the title of this transport in {@code docs/transports.md}. */
    protected String title() {
        return scheme() + ":";
    }

    /** Returns what this transport guarantees, as {@code docs/transports.md} lists it. */
    private Map<String, String> guarantees() {
        int longest;
        boolean aboveCapacity;
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            longest = sender.maxMessageBytes();
            aboveCapacity = longest > receiver.snapshot().capacityBytes();
        }
        Map<String, String> cells = new LinkedHashMap<>();
        cells.put("order", "of each sender");
        cells.put("messages above PIPE_BUF", "whole");
        cells.put("senders at once", acceptsSeveralSenders() ? "several" : "one");
        cells.put("receivers at once", acceptsSeveralReceivers() ? "several" : "one");
        cells.put("kept without a receiver", keepsMessagesWithoutReceiver() ? "until the channel is full" : "no");
        cells.put("claim, commit, abort in place", yes(canClaim()));
        String published = canClaim() ? "one commit" : "one write for each 4096 bytes";
        cells.put("batches", holdsBatchesBack() ? published : "message by message");
        cells.put("longest message by default", longest + " bytes");
        cells.put("messages longer than the channel", aboveCapacity ? "by `send`, not by `offer`" : "no");
        cells.put("end of stream", "`end=whenSendersGone` or `never`");
        cells.put("death of the other end is noticed", "within 1 s");
        cells.put("target", isAnonymous() ? "none: `Ipc.pair`" : hasFile() ? "a name or a path" : "no file");
        cells.put("can be deleted", yes(canBeDeleted()));
        cells.put("can be passed to a child", yes(isAnonymous() || canBePassed()));
        cells.put("without the native layer", isPortable() ? "works" : "refused");
        return cells;
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    @BeforeEach
    void nameTheChannel() {
        endpoint = scheme() + ":" + tmp.name("channel");
        checkTheNativeLayer();
    }

    private void checkTheNativeLayer() {
        if (!isPortable() && !NativeLayer.available()) {
            String rejection = assertThrows(UnsupportedOperationException.class, this::receiver)
                    .getMessage();
            assertTrue(rejection.contains(scheme()), rejection);
            assertThrows(UnsupportedOperationException.class, this::sender);
            Assumptions.abort("needs the native layer");
        }
    }

    /** Returns the endpoint in the form under test, if the transport has several. */
    protected Endpoint form(Endpoint plain) {
        return plain;
    }

    /** Opens the receiving end; the one place in which the contract does so. */
    protected MessageReceiver open(Endpoint plain, OpenMode mode, Delivery delivery) {
        return Ipc.receiver(form(plain), mode, delivery);
    }

    /** Opens the sending end; the one place in which the contract does so. */
    protected MessageSender open(Endpoint plain, OpenMode mode) {
        return Ipc.sender(form(plain), mode);
    }

    protected MessageReceiver receiver() {
        return openReceiver(endpoint, OpenMode.OPEN_OR_CREATE);
    }

    protected MessageReceiver receiver(Delivery delivery) {
        return open(Endpoint.parse(endpoint), OpenMode.OPEN_OR_CREATE, delivery);
    }

    protected MessageSender sender() {
        return openSender(endpoint, OpenMode.OPEN_OR_CREATE);
    }

    private MessageReceiver openReceiver(Endpoint plain) {
        return open(plain, OpenMode.OPEN_OR_CREATE, Delivery.AT_MOST_ONCE);
    }

    private MessageReceiver openReceiver(String plain, OpenMode mode) {
        return open(Endpoint.parse(plain), mode, Delivery.AT_MOST_ONCE);
    }

    private MessageSender openSender(Endpoint plain) {
        return open(plain, OpenMode.OPEN_OR_CREATE);
    }

    private MessageSender openSender(String plain, OpenMode mode) {
        return open(Endpoint.parse(plain), mode);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    protected static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    protected static String textOf(byte[] message) {
        return message == null ? null : new String(message, UTF_8);
    }

    /** Returns all available messages as text. */
    protected static List<String> drain(MessageReceiver receiver) {
        List<String> messages = new ArrayList<>();
        receiver.poll((buffer, offset, length) -> messages.add(text(buffer, offset, length)), Integer.MAX_VALUE);
        return messages;
    }

    protected static String text(ByteBuffer buffer, int offset, int length) {
        return Codec.utf8().decode(buffer, offset, length);
    }

    /** Offers numbered messages of a size until one is rejected; returns how many were accepted. */
    protected static int fill(MessageSender sender, int bytes) {
        int sent = 0;
        while (sender.offer(numbered(sent, bytes)) == SendStatus.SENT) {
            sent++;
        }
        return sent;
    }

    protected static ByteBuffer numbered(int number, int bytes) {
        ByteBuffer message = ByteBuffer.allocate(Math.max(bytes, Integer.BYTES));
        return message.putInt(0, number);
    }

    // ---- messages

    @Test
    void message_arrivesAsItWasSent() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("first"));
            assertEquals(SendStatus.SENT, sender.offer(bytes("second")));
            ByteBuffer part = ByteBuffer.wrap(bytes("..third..")).position(2).limit(7);
            sender.send(part);
            assertEquals(2, part.position(), "the sender does not change the buffer");
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(6).put(bytes("fourth")).flip();
            assertEquals(SendStatus.SENT, sender.offer(direct));
            ByteBuffer readOnly = ByteBuffer.wrap(bytes("fifth")).asReadOnlyBuffer();
            assertEquals(SendStatus.SENT, sender.offer(readOnly));
            assertEquals(List.of("first", "second", "third", "fourth", "fifth"), drain(receiver));
        }
    }

    @Test
    @Scenario("ipc/3")
    @Scenario("research-ipc/3")
    void emptyMessage_isAMessage() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(new byte[0]);
            sender.send(bytes("x"));
            sender.send(new byte[0]);
            assertEquals(ReceiveResult.message(0), receiver.receive(ByteBuffer.allocate(0), LONG));
            assertEquals("x", textOf(receiver.receive()));
            assertArrayEquals(new byte[0], receiver.receive());
            assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(9), Duration.ZERO));
        }
    }

    @Test
    @Scenario("ipc/4")
    @Scenario("research-ipc/4")
    void longestMessage_arrivesAndALongerOneIsRejected() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            int limit = sender.maxMessageBytes();
            byte[] longest = pattern(limit, 1);
            Background<Void> sending = Background.run(() -> sender.send(longest));
            assertArrayEquals(longest, receiver.receive());
            sending.get();

            byte[] tooLong = new byte[limit + 1];
            String rejection = assertThrows(IllegalArgumentException.class, () -> sender.offer(tooLong))
                    .getMessage();
            assertTrue(rejection.contains("" + limit), rejection);
            assertThrows(IllegalArgumentException.class, () -> sender.send(tooLong));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1), "nothing of it was sent");
        }
    }

    @Test
    void offer_ofMoreThanFitsAtOnce_isRejected() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            int longest = sender.maxMessageBytes();
            if (longest > receiver.snapshot().capacityBytes()) {
                String rejection = assertThrows(IllegalArgumentException.class, () -> sender.offer(new byte[longest]))
                        .getMessage();
                assertTrue(rejection.contains("send") && rejection.contains(endpoint), rejection);
                try (Batch batch = sender.batch()) {
                    assertThrows(IllegalArgumentException.class, () -> batch.offer(new byte[longest]));
                }
            }
            sender.send(bytes("next"));
            assertEquals(List.of("next"), drain(receiver), "nothing of it was sent");
        }
    }

    @Test
    void messagesOfAllSizes_arriveInOrder() throws Exception {
        int count = Soak.scaled(20_000, 1_000);
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            int longest = Math.min(sender.maxMessageBytes(), 20_000);
            Background<Void> sending = Background.start(() -> {
                Random sizes = new Random(7);
                for (int i = 0; i < count; i++) {
                    sender.send(pattern(sizes.nextInt(longest), i));
                }
                return null;
            });
            Random sizes = new Random(7);
            for (int i = 0; i < count; i++) {
                assertArrayEquals(pattern(sizes.nextInt(longest), i), receiver.receive(), "message " + i);
            }
            sending.get();
        }
    }

    @Test
    void objects_areEncodedAndDecoded() throws Exception {
        Codec<Long> numbers = new Codec<>() {
            @Override
            public ByteBuffer encode(Long value) {
                return ByteBuffer.allocate(8).putLong(0, value);
            }

            @Override
            public Long decode(ByteBuffer buffer, int offset, int length) {
                return buffer.getLong(offset);
            }
        };
        List<Long> got = new ArrayList<>();
        try (MessageReceiver receiver = receiver()) {
            try (MessageSender sender = sender()) {
                sender.send("grüße", Codec.utf8());
                assertEquals("grüße", textOf(receiver.receive()));
                sender.send(42L, numbers);
                sender.offer(-1L, numbers);
            }
            receiver.forEach(numbers, got::add);
        }
        assertEquals(List.of(42L, -1L), got);
    }

    @Test
    void handlersBuffer_isReadOnlyAndBigEndian() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(numbered(0x01020304, 4));
            sender.send(numbered(0x01020304, 4));
            AtomicInteger calls = new AtomicInteger();
            receiver.poll(
                    (buffer, offset, length) -> {
                        assertTrue(buffer.isReadOnly());
                        assertEquals(ByteOrder.BIG_ENDIAN, buffer.order());
                        assertEquals(0x01020304, buffer.getInt(offset));
                        buffer.order(ByteOrder.LITTLE_ENDIAN).limit(0); // a handler may change them
                        calls.incrementAndGet();
                    },
                    9);
            assertEquals(2, calls.get());
        }
    }

    // ---- polling

    @Test
    @Scenario("ipc/1")
    void emptyPoll_changesNothing() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
            try (MessageSender sender = sender()) {
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
                assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(1), Duration.ZERO));
                sender.send(bytes("after"));
                assertEquals(List.of("after"), drain(receiver));
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
            }
        }
    }

    @Test
    void poll_deliversAtMostItsLimit() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            for (String text : List.of("a", "b", "c")) {
                sender.send(bytes(text));
            }
            assertThrows(IllegalArgumentException.class, () -> receiver.poll((b, o, l) -> {}, 0));
            assertEquals(2, receiver.poll((b, o, l) -> {}, 2));
            assertEquals(List.of("c"), drain(receiver));
        }
    }

    @Test
    void pollWhile_stopsAfterTheMessageThatEndsIt() throws Exception {
        for (Delivery delivery : Delivery.values()) {
            try (MessageReceiver receiver = receiver(delivery);
                    MessageSender sender = sender()) {
                StoppableHandler untilStop = (buffer, offset, length) ->
                        !text(buffer, offset, length).equals("stop");
                assertThrows(IllegalArgumentException.class, () -> receiver.pollWhile(untilStop, 0));
                assertEquals(0, receiver.pollWhile(untilStop, 1));
                for (String text : List.of("a", "stop", "b", "c", "stop", "d")) {
                    sender.send(bytes(text));
                }
                sender.close();
                assertEquals(2, receiver.pollWhile(untilStop, 9));
                assertEquals(1, receiver.pollWhile(untilStop, 1), "the limit is first");
                assertThrows(
                        IllegalStateException.class,
                        () -> receiver.pollWhile(
                                (buffer, offset, length) -> {
                                    throw new IllegalStateException("expected");
                                },
                                9));
                assertEquals(
                        delivery == Delivery.AT_LEAST_ONCE ? List.of("c", "stop", "d") : List.of("stop", "d"),
                        drain(receiver));
                assertEquals(MessageReceiver.CLOSED, receiver.pollWhile(untilStop, 9));
            }
        }
    }

    @Test
    void receive_intoASmallBuffer_keepsTheMessage() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("seven b"));
            String rejection = assertThrows(
                            IllegalArgumentException.class, () -> receiver.receive(ByteBuffer.allocate(6), LONG))
                    .getMessage();
            assertTrue(rejection.contains("7"), rejection);
            ByteBuffer into = ByteBuffer.allocate(20).position(3);
            assertEquals(ReceiveResult.message(7), receiver.receive(into, LONG));
            assertEquals(10, into.position());
            assertEquals("seven b", new String(into.array(), 3, 7, UTF_8));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> receiver.receive(ByteBuffer.allocate(9).asReadOnlyBuffer(), SHORT));
        }
    }

    @Test
    void receive_withCodec_returnsTheObject() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            assertNull(receiver.receive(Codec.utf8(), Duration.ZERO));
            try (MessageSender sender = sender()) {
                assertEquals(SendStatus.SENT, sender.send("a", Codec.utf8(), LONG));
                sender.send("b", Codec.utf8());
                assertEquals("a", receiver.receive(Codec.utf8()));
                assertEquals("b", receiver.receive(Codec.utf8(), LONG));
                assertNull(receiver.receive(Codec.utf8(), SHORT));
                assertFalse(receiver.isChannelClosed());
            }
            assertNull(receiver.receive(Codec.utf8(), LONG));
            assertTrue(receiver.isChannelClosed());
            assertNull(receiver.receive(Codec.utf8()));
        }
    }

    @Test
    void receive_undecodableMessage_followsTheDelivery() throws Exception {
        byte[] malformed = {(byte) 0xff};
        for (Delivery delivery : Delivery.values()) {
            try (MessageReceiver receiver = receiver(delivery);
                    MessageSender sender = sender()) {
                sender.send(malformed);
                sender.send(bytes("next"));
                assertThrows(CodecException.class, () -> receiver.receive(Codec.utf8(), LONG));
                if (delivery == Delivery.AT_LEAST_ONCE) {
                    assertThrows(CodecException.class, () -> receiver.receive(Codec.utf8()));
                    assertArrayEquals(malformed, receiver.receive());
                }
                assertEquals("next", receiver.receive(Codec.utf8()));
            }
        }
    }

    @Test
    @Scenario("research-ipc/8")
    void throwingHandler_atMostOnce_losesItsMessage() throws Exception {
        try (MessageReceiver receiver = receiver(Delivery.AT_MOST_ONCE);
                MessageSender sender = sender()) {
            assertEquals(List.of("a", "b!", "c"), pollTwiceWithAFailure(receiver, sender));
        }
    }

    @Test
    @Scenario("research-ipc/8")
    void throwingHandler_atLeastOnce_getsItsMessageAgain() throws Exception {
        try (MessageReceiver receiver = receiver(Delivery.AT_LEAST_ONCE);
                MessageSender sender = sender()) {
            assertEquals(List.of("a", "b!", "b", "c"), pollTwiceWithAFailure(receiver, sender));
        }
    }

    private static List<String> pollTwiceWithAFailure(MessageReceiver receiver, MessageSender sender) throws Exception {
        for (String text : List.of("a", "b", "c")) {
            sender.send(bytes(text));
        }
        List<String> seen = new ArrayList<>();
        RuntimeException failure = new RuntimeException("expected");
        RuntimeException thrown = assertThrows(
                RuntimeException.class,
                () -> receiver.poll(
                        (buffer, offset, length) -> {
                            String text = text(buffer, offset, length);
                            if (text.equals("b")) {
                                seen.add("b!");
                                throw failure;
                            }
                            seen.add(text);
                        },
                        9));
        assertSame(failure, thrown);
        seen.addAll(drain(receiver));
        assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
        return seen;
    }

    // ---- waiting

    @Test
    void receive_beforeTheSenderOpens_waitsForIt() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            try (MessageSender sender = sender()) {
                sender.send(bytes("late"), LONG);
                assertEquals("late", textOf(receiving.get()));
            }
        }
    }

    @Test
    void receive_afterItsTimeout_returnsEmpty() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            long start = System.nanoTime();
            assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(9), SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            sender.send(bytes("x"));
            assertEquals(ReceiveResult.message(1), receiver.receive(ByteBuffer.allocate(9), LONG));
            sender.flush();
        }
    }

    @Test
    void receive_timedForms_tellTimeoutFromClosed() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            assertFalse(receiver.isChannelClosed(), "nothing was received yet");
            try (MessageSender sender = sender()) {
                long start = System.nanoTime();
                assertNull(receiver.receive(SHORT));
                assertTrue(System.nanoTime() - start >= SHORT.toNanos());
                assertFalse(receiver.isChannelClosed());
                sender.send(bytes("x"));
                assertEquals("x", textOf(receiver.receive(LONG)));
            }
            assertNull(receiver.receive(LONG));
            assertTrue(receiver.isChannelClosed());
            try (MessageSender sender = sender()) {
                sender.send(bytes("y"));
                assertEquals(1, receiver.poll((b, o, l) -> {}, 1));
                assertFalse(receiver.isChannelClosed());
                assertNull(receiver.receive(Duration.ofSeconds(-1)));
            }
        }
    }

    @Test
    void fullChannel_rejectsAndLosesNothing() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            int sent = fill(sender, 1_000);
            assertTrue(sent > 10, "only " + sent + " messages fit");
            assertEquals(SendStatus.FULL, sender.offer(numbered(-1, 1_000)));
            long start = System.nanoTime();
            assertEquals(SendStatus.FULL, sender.send(numbered(-1, 1_000), SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            AtomicInteger next = new AtomicInteger();
            MessageHandler inOrder =
                    (buffer, offset, length) -> assertEquals(next.getAndIncrement(), buffer.getInt(offset));
            assertEquals(sent, receiver.poll(inOrder, Integer.MAX_VALUE));
            assertEquals(SendStatus.SENT, sender.offer(numbered(sent, 1_000)));
            assertEquals(1, receiver.poll(inOrder, Integer.MAX_VALUE));
        }
    }

    @Test
    void blockedSend_continuesWhenThereIsRoom() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            int sent = fill(sender, 1_000);
            Background<Void> sending = Background.runAndBlock(() -> sender.send(numbered(sent, 1_000)));
            List<Integer> got = new ArrayList<>();
            while (got.size() <= sent) {
                receiver.poll((buffer, offset, length) -> got.add(buffer.getInt(offset)), 10);
            }
            sending.get();
            assertEquals(sent, got.get(sent));
        }
    }

    @Test
    @Scenario("ipc/25")
    @Scenario("research-ipc/46")
    void interrupt_duringReceive_losesNoMessage() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            receiving.thread().interrupt();
            assertThrows(InterruptedException.class, receiving::get);
            Background<Void> looping = Background.startAndBlock(() -> {
                receiver.forEach((b, o, l) -> {});
                return null;
            });
            looping.thread().interrupt();
            assertThrows(InterruptedException.class, looping::get);

            sender.send(bytes("still there"));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, receiver::receive);
            assertFalse(Thread.currentThread().isInterrupted());
            assertEquals("still there", textOf(receiver.receive()));
        }
    }

    @Test
    @Scenario("ipc/25")
    @Scenario("research-ipc/46")
    void interrupt_duringSend_sendsNothing() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            int sent = fill(sender, 1_000);
            Background<Void> sending = Background.runAndBlock(() -> sender.send(numbered(-1, 1_000)));
            sending.thread().interrupt();
            assertThrows(InterruptedException.class, sending::get);
            assertEquals(sent, receiver.poll((b, o, l) -> assertTrue(b.getInt(o) >= 0), Integer.MAX_VALUE));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> sender.send(numbered(-1, 4), LONG));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
        }
    }

    @Test
    @Scenario("ipc/25")
    @Scenario("research-ipc/46")
    void close_endsBlockedCallsOfAnotherThread() throws Exception {
        MessageReceiver receiver = receiver();
        MessageSender sender = sender();
        Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
        receiver.close();
        assertThrows(IllegalStateException.class, receiving::get);
        try (MessageReceiver silent = receiver()) {
            fill(sender, 1_000);
            Background<Void> sending = Background.runAndBlock(() -> sender.send(numbered(0, 1_000)));
            sender.close();
            assertThrows(IllegalStateException.class, sending::get);
            assertTrue(silent.poll((b, o, l) -> {}, 1) >= 0);
        }
    }

    @Test
    void closedHandles_rejectEveryOperation() {
        MessageReceiver receiver = receiver();
        MessageSender sender = sender();
        receiver.close();
        sender.close();
        receiver.close();
        sender.close();
        assertThrows(IllegalStateException.class, () -> receiver.poll((b, o, l) -> {}, 1));
        assertThrows(IllegalStateException.class, receiver::receive);
        assertThrows(IllegalStateException.class, () -> receiver.receive(ByteBuffer.allocate(1), SHORT));
        assertThrows(IllegalStateException.class, () -> receiver.forEach((b, o, l) -> {}));
        assertThrows(IllegalStateException.class, receiver::snapshot);
        assertThrows(IllegalStateException.class, () -> sender.send(new byte[1]));
        assertThrows(IllegalStateException.class, () -> sender.offer(new byte[1]));
        assertThrows(IllegalStateException.class, sender::batch);
        assertThrows(IllegalStateException.class, sender::flush);
        assertThrows(IllegalStateException.class, sender::snapshot);
    }

    @Test
    void handler_mayCloseButNotReceive() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("a"));
            sender.send(bytes("b"));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Runnable close = receiver::close;
            receiver.poll(
                    (buffer, offset, length) -> {
                        try {
                            receiver.poll((b, o, l) -> {}, 1);
                        } catch (IllegalStateException e) {
                            thrown.set(e);
                        }
                        close.run();
                        assertEquals("a", text(buffer, offset, length), "the message is still there");
                    },
                    1);
            assertTrue(thrown.get() instanceof IllegalStateException, "poll in a handler was rejected");
            assertThrows(IllegalStateException.class, () -> receiver.poll((b, o, l) -> {}, 1));
            try (MessageReceiver next = receiver()) {
                next.poll((b, o, l) -> {}, 1); // the slot is free again
            }
        }
    }

    @Test
    void secondThread_isRejected() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            assertThrows(IllegalStateException.class, () -> receiver.poll((b, o, l) -> {}, 1));
            assertFalse(receiving.isDone());
        }
    }

    @Test
    void virtualThreads_releaseTheirCarriersWhileWaiting() throws Exception {
        Method startVirtual;
        try {
            startVirtual = Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException e) {
            Assumptions.abort("this JDK has no virtual threads");
            return;
        }
        int waiters = Runtime.getRuntime().availableProcessors() * 2 + 1;
        List<MessageReceiver> receivers = new ArrayList<>();
        List<MessageSender> senders = new ArrayList<>();
        AtomicInteger received = new AtomicInteger();
        try {
            for (int i = 0; i < waiters; i++) {
                String each = endpoint + i;
                MessageReceiver receiver = openReceiver(each, OpenMode.OPEN_OR_CREATE);
                receivers.add(receiver);
                senders.add(openSender(each, OpenMode.OPEN_OR_CREATE));
                Runnable receive = () -> {
                    try {
                        received.addAndGet(receiver.receive().length);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
                startVirtual.invoke(null, receive);
            }
            Eventually.assertStays(SHORT, "all wait", () -> received.get() == 0);
            // Runs only if a carrier is free.
            startVirtual.invoke(null, (Runnable) () -> {
                try {
                    for (MessageSender sender : senders) {
                        sender.send(new byte[1]);
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            Eventually.assertThat(LONG, "all have received", () -> received.get() == waiters);
        } finally {
            receivers.forEach(MessageReceiver::close);
            senders.forEach(MessageSender::close);
        }
    }

    @Test
    @Scenario("ipc/25")
    void waitingReceiver_usesNoProcessorTime() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            long before = cpuNanos(receiving.thread());
            long start = System.nanoTime();
            Eventually.assertStays(Duration.ofSeconds(2), "waiting", () -> !receiving.isDone());
            long used = cpuNanos(receiving.thread()) - before;
            long passed = System.nanoTime() - start;
            assertTrue(used * 20 < passed, "used " + used + " ns of " + passed);
            sender.send(bytes("x"));
            receiving.get();
        }
    }

    // ---- batches and claims

    @Test
    void batch_isReceivedInOrder() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            Batch batch = sender.batch();
            assertEquals(SendStatus.SENT, batch.offer(bytes("a")));
            batch.send(ByteBuffer.wrap(bytes("b")));
            assertThrows(IllegalStateException.class, sender::batch);
            assertThrows(IllegalStateException.class, () -> sender.offer(bytes("x")));
            batch.commit();
            assertEquals(SendStatus.SENT, batch.offer(bytes("c")));
            batch.close();
            batch.close();
            assertThrows(IllegalStateException.class, () -> batch.offer(bytes("x")));
            sender.send(bytes("d"));
            assertEquals(List.of("a", "b", "c", "d"), drain(receiver));
        }
    }

    @Test
    void batch_largerThanTheChannel_arrives() throws Exception {
        int count = 5_000;
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            Background<Void> sending = Background.start(() -> {
                try (Batch batch = sender.batch()) {
                    for (int i = 0; i < count; i++) {
                        batch.send(numbered(i, 100));
                    }
                }
                return null;
            });
            for (int i = 0; i < count; i++) {
                assertEquals(i, ByteBuffer.wrap(receiver.receive()).getInt());
            }
            sending.get();
        }
    }

    @Test
    void openBatch_isHeldBackOrSentAtOnce() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender();
                Batch batch = sender.batch()) {
            assertEquals(SendStatus.SENT, batch.offer(bytes("a")));
            assertEquals(holdsBatchesBack() ? List.of() : List.of("a"), drain(receiver));
            batch.commit();
            assertEquals(holdsBatchesBack() ? List.of("a") : List.of(), drain(receiver));
        }
    }

    @Test
    void batch_offeredUntilFull_losesNothing() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender();
                Batch batch = sender.batch()) {
            int added = 0;
            while (batch.offer(numbered(added, 1_000)) == SendStatus.SENT) {
                added++;
            }
            assertTrue(added > 0);
            batch.commit();
            for (int i = 0; i < added; i++) {
                assertEquals(i, ByteBuffer.wrap(receiver.receive()).getInt());
            }
            assertEquals(SendStatus.SENT, batch.offer(bytes("next")));
            sender.flush();
            assertEquals(List.of("next"), drain(receiver));
        }
    }

    @Test
    void batch_ofAClosedSender_isSent() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            MessageSender sender = sender();
            try (Batch batch = sender.batch()) {
                assertEquals(SendStatus.SENT, batch.offer(bytes("a")));
                sender.close();
                assertThrows(IllegalStateException.class, batch::commit);
            }
            assertEquals(List.of("a"), drain(receiver));
        }
    }

    @Test
    void batch_withoutReceiver_isKeptForTheNext() throws Exception {
        try (MessageSender sender = sender();
                Batch batch = sender.batch()) {
            try (MessageReceiver receiver = receiver()) {
                batch.send(bytes("a"));
                batch.commit();
                assertEquals(List.of("a"), drain(receiver));
                batch.send(bytes("b"));
            }
            if (!keepsMessagesWithoutReceiver() && holdsBatchesBack() && !acceptsSeveralReceivers()) {
                String loss =
                        assertThrows(NotConnectedException.class, batch::commit).getMessage();
                assertTrue(loss.contains("1 of its messages are kept for another commit"), loss);
            }
            try (MessageReceiver receiver = receiver()) {
                batch.send(bytes("c"));
                batch.commit();
                assertEquals(List.of("b", "c"), drain(receiver));
            }
        }
    }

    @Test
    void claim_isSentOrUnsupported() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            if (!canClaim()) {
                String rejection = assertThrows(UnsupportedOperationException.class, () -> sender.claim(1))
                        .getMessage();
                assertTrue(rejection.contains(endpoint), rejection);
                assertThrows(UnsupportedOperationException.class, () -> sender.tryClaim(1));
                return;
            }
            try (Claim claim = sender.claim(8)) {
                claim.buffer().putLong(0, 42);
                claim.commit();
            }
            assertEquals(42, ByteBuffer.wrap(receiver.receive()).getLong());
        }
    }

    // ---- the other end

    @Test
    void senderWithoutReceiver_waitsOrKeepsItsMessages() throws Exception {
        try (MessageSender sender = sender()) {
            SendStatus first = sender.offer(bytes("early"));
            assertEquals(keepsMessagesWithoutReceiver() ? SendStatus.SENT : SendStatus.NOT_CONNECTED, first);
            if (keepsMessagesWithoutReceiver()) {
                int more = fill(sender, 1_000);
                assertEquals(SendStatus.FULL, sender.offer(numbered(0, 1_000)));
                try (MessageReceiver receiver = receiver()) {
                    assertEquals(1 + more, drainCount(receiver));
                }
            } else {
                long start = System.nanoTime();
                assertEquals(SendStatus.NOT_CONNECTED, sender.send(bytes("early"), SHORT));
                assertTrue(System.nanoTime() - start >= SHORT.toNanos());
                Background<Void> sending = Background.runAndBlock(() -> sender.send(bytes("patient")));
                try (MessageReceiver receiver = receiver()) {
                    assertEquals("patient", textOf(receiver.receive()));
                    sending.get();
                }
            }
        }
    }

    @Test
    @Scenario("ipc/14")
    void blockedSend_afterTheReceiverCloses_throws() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            fill(sender, 1_000);
            Background<Void> sending = Background.runAndBlock(() -> sender.send(numbered(0, 1_000)));
            receiver.close();
            assertThrows(NotConnectedException.class, sending::get);
            assertEquals(SendStatus.NOT_CONNECTED, sender.offer(numbered(0, 1_000)));
        }
    }

    @Test
    void timedSend_afterTheReceiverCloses_notConnected() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            fill(sender, 1_000);
            Background<SendStatus> sending =
                    Background.startAndBlock(() -> sender.send(numbered(0, 1_000), Duration.ofMinutes(1)));
            receiver.close();
            assertEquals(SendStatus.NOT_CONNECTED, sending.get());
        }
    }

    @Test
    void batchSend_afterTheReceiverCloses_throws() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            fill(sender, 1_000);
            try (Batch batch = sender.batch()) {
                Background<Void> sending = Background.runAndBlock(() -> batch.send(numbered(0, 1_000)));
                receiver.close();
                assertThrows(NotConnectedException.class, sending::get);
            }
        }
    }

    @Test
    void sender_continuesWithTheNextReceiver() throws Exception {
        try (MessageSender sender = sender()) {
            for (int i = 0; i < 3; i++) {
                try (MessageReceiver receiver = receiver()) {
                    String text = "to receiver " + i;
                    assertEquals(SendStatus.SENT, sender.send(bytes(text), LONG));
                    assertEquals(List.of(text), drain(receiver));
                }
            }
        }
    }

    @Test
    @Scenario("ipc/26")
    @Scenario("research-ipc/52")
    void channel_closesAfterTheBacklogOfItsLastSender() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            try (MessageSender sender = sender()) {
                sender.send(bytes("a"));
                sender.send(bytes("b"));
            }
            assertEquals("a", textOf(receiver.receive()));
            assertEquals(1, receiver.poll((b, o, l) -> {}, 9));
            assertEquals(MessageReceiver.CLOSED, receiver.poll((b, o, l) -> {}, 9));
            assertNull(receiver.receive());
            assertEquals(ReceiveResult.CLOSED, receiver.receive(ByteBuffer.allocate(1), LONG));
            receiver.forEach((b, o, l) -> {});

            try (MessageSender later = sender()) {
                later.send(bytes("c"), LONG);
                assertEquals("c", textOf(receiver.receive()));
                assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            }
            assertNull(receiver.receive());
        }
    }

    @Test
    void waitingReceiver_returnsWhenTheChannelCloses() throws Exception {
        try (MessageReceiver receiver = receiver()) {
            List<String> got = new ArrayList<>();
            Background<Void> looping = Background.startAndBlock(() -> {
                receiver.forEach(message -> got.add(textOf(message)));
                return null;
            });
            try (MessageSender sender = sender()) {
                sender.send(bytes("a"), LONG);
                sender.send(bytes("b"));
            }
            looping.get();
            assertEquals(List.of("a", "b"), got);
        }
    }

    @Test
    void secondReceiver_isRejectedWithTheHoldersPid() {
        Assumptions.assumeFalse(acceptsSeveralReceivers(), "several receivers");
        try (MessageReceiver receiver = receiver()) {
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::receiver);
            assertEquals(ProcessHandle.current().pid(), busy.pid());
            assertTrue(busy.getMessage().contains("pid " + busy.pid()), busy.getMessage());
            assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
        }
        receiver().close();
    }

    @Test
    void secondSender_isRejectedOrKeepsItsOrder() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender first = sender()) {
            if (!acceptsSeveralSenders()) {
                ChannelBusyException busy = assertThrows(ChannelBusyException.class, this::sender);
                assertEquals(ProcessHandle.current().pid(), busy.pid());
                return;
            }
            int count = 50;
            int bytes = Math.min(first.maxMessageBytes(), 20_000);
            try (MessageSender second = sender()) {
                List<Background<Void>> sending = new ArrayList<>();
                for (MessageSender sender : List.of(first, second)) {
                    int seed = sending.size() * count;
                    sending.add(Background.run(() -> {
                        for (int i = 0; i < count; i++) {
                            byte[] message = pattern(bytes, seed + i);
                            ByteBuffer.wrap(message).putInt(0, seed + i);
                            sender.send(message);
                        }
                    }));
                }
                int[] next = {0, count};
                for (int i = 0; i < 2 * count; i++) {
                    byte[] message = receiver.receive();
                    int number = ByteBuffer.wrap(message).getInt();
                    assertEquals(next[number / count]++, number, "the order of sender " + number / count);
                    byte[] expected = pattern(bytes, number);
                    ByteBuffer.wrap(expected).putInt(0, number);
                    assertArrayEquals(expected, message, "message " + number);
                }
                for (Background<Void> each : sending) {
                    each.get();
                }
            }
        }
    }

    @Test
    void snapshot_describesTheChannel() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(new byte[100]);
            assertEquals(1, sender.snapshot().messages());
            assertTrue(sender.snapshot().connected());
            assertEquals(form(Endpoint.parse(endpoint)), sender.snapshot().endpoint());
            ChannelSnapshot waiting = receiver.snapshot();
            assertEquals(0, waiting.messages());
            assertTrue(waiting.backlogBytes() >= (countsBacklog() ? 100 : 0), waiting.toString());
            assertTrue(waiting.capacityBytes() >= 4096, waiting.toString());
            receiver.receive();
            assertEquals(1, receiver.snapshot().messages());
            assertEquals(0, receiver.snapshot().backlogBytes());
            assertTrue(receiver.snapshot().connected());
        }
    }

    // ---- the next sender

    @Test
    @Scenario("public-ipc/5")
    void endNever_waitsForTheNextSender() throws Exception {
        Endpoint patient = Endpoint.parse(endpoint).with("end", "never");
        try (MessageReceiver receiver = openReceiver(patient)) {
            for (int i = 0; i < 3; i++) {
                try (MessageSender sender = openSender(patient)) {
                    sender.send(bytes("of sender " + i));
                }
                assertEquals("of sender " + i, textOf(receiver.receive()));
                assertEquals(0, receiver.poll((b, o, l) -> {}, 1));
                assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(9), SHORT));
                assertFalse(receiver.isChannelClosed());
                assertFalse(receiver.snapshot().connected());
            }
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            long start = cpuNanos(receiving.thread());
            Eventually.assertStays(Duration.ofMillis(300), "waiting", () -> !receiving.isDone());
            assertTrue(cpuNanos(receiving.thread()) - start < 60_000_000, "it sleeps");
            try (MessageSender sender = sender()) {
                sender.send(bytes("late"));
                assertEquals("late", textOf(receiving.get()));
            }
            if (!canBeDeleted()) {
                return;
            }
            Background<Void> forEach = Background.runAndBlock(() -> receiver.forEach(message -> {}));
            assertTrue(Ipc.delete(endpoint), "which ends it");
            forEach.get();
            assertTrue(receiver.isChannelClosed());
        }
    }

    private static long cpuNanos(Thread thread) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    }

    @Test
    @Scenario("public-ipc/5")
    void endWhenSendersGone_isTheDefault() throws Exception {
        Endpoint explicit = Endpoint.parse(endpoint).with("end", "whenSendersGone");
        try (MessageReceiver receiver = openReceiver(explicit)) {
            try (MessageSender sender = sender()) {
                sender.send(bytes("only"));
            }
            assertEquals("only", textOf(receiver.receive()));
            assertNull(receiver.receive());
        }
    }

    // ---- deleting

    @Test
    void delete_freesTheNameWithItsMessages() throws Exception {
        Assumptions.assumeTrue(canBeDeleted(), "cannot be deleted");
        assertFalse(Ipc.delete(endpoint), "there is no channel yet");
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("old"));
            assertTrue(Ipc.delete(endpoint));
            assertFalse(Files.exists(file(), LinkOption.NOFOLLOW_LINKS));
            assertFalse(Ipc.delete(Endpoint.parse(endpoint)));
            assertThrows(ChannelNotFoundException.class, () -> openReceiver(endpoint, OpenMode.OPEN_EXISTING));
            try (MessageReceiver next = receiver();
                    MessageSender nextSender = sender()) {
                nextSender.send(bytes("new"));
                assertEquals(List.of("new"), drain(next), "nothing of the deleted channel");
            }
            assertEquals(List.of("old"), drain(receiver), "what was sent before is received");
        }
    }

    @Test
    void delete_wakesAReceiverWithoutSender() throws Exception {
        Assumptions.assumeTrue(canBeDeleted(), "cannot be deleted");
        try (MessageReceiver receiver = receiver()) {
            Background<byte[]> receiving = Background.startAndBlock(receiver::receive);
            assertTrue(Ipc.delete(endpoint));
            assertNull(receiving.get());
            assertTrue(receiver.isChannelClosed());
            assertEquals(MessageReceiver.CLOSED, receiver.poll((b, o, l) -> {}, 1));
        }
    }

    @Test
    void delete_leavesNoSilentLoss() throws Exception {
        Assumptions.assumeTrue(canBeDeleted(), "cannot be deleted");
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            assertEquals(SendStatus.SENT, sender.send(bytes("x"), LONG));
            assertEquals(List.of("x"), drain(receiver));
            assertTrue(Ipc.delete(endpoint));
            receiver.close();
            assertThrows(ChannelException.class, () -> sender.send(bytes("y")));
            assertFalse(sender.offer(bytes("y")) == SendStatus.SENT);
            assertFalse(sender.send(bytes("y"), SHORT) == SendStatus.SENT);
        }
    }

    @Test
    void delete_rejectsAForeignFile() throws Exception {
        Assumptions.assumeTrue(hasFile(), "no file");
        Path file = tmp.path("foreign");
        Files.write(file, bytes("some text"));
        assertThrows(ChannelException.class, () -> Ipc.delete(scheme() + ":" + file));
        assertEquals("some text", Files.readString(file));
        assertThrows(IllegalArgumentException.class, () -> Ipc.delete(endpoint + "?nonsense=1"));
    }

    @Test
    void deleteAndPass_workOrAreRefused() {
        Assumptions.assumeFalse(isAnonymous(), "no name");
        if (!canBeDeleted()) {
            String rejection = assertThrows(UnsupportedOperationException.class, () -> Ipc.delete(endpoint))
                    .getMessage();
            assertTrue(rejection.contains(endpoint), rejection);
        }
        if (canBePassed() && hasFile()) {
            assertEquals(file(), Ipc.forChild(endpoint).fileForChild().orElseThrow());
        } else if (!canBePassed()) {
            String rejection = assertThrows(UnsupportedOperationException.class, () -> Ipc.forChild(endpoint))
                    .getMessage();
            assertTrue(rejection.contains(endpoint), rejection);
        }
    }

    // ---- documentation

    @Test
    @Scenario("channels/3")
    void guarantees_areThoseOfTheDocumentation() {
        Transport transport = Ipc.transports().get(scheme());
        Assumptions.assumeTrue(
                transport.getClass().getName().startsWith("org.processmanager.ipc.internal."), "not of this library");
        GuaranteeTable page = GuaranteeTable.ofDocumentation();
        for (String title : page.titles()) {
            assertTrue(Ipc.transports().containsKey(title.substring(0, title.indexOf(':'))), title);
        }
        Map<String, String> guarantees = guarantees();
        assertEquals(
                guarantees,
                page.column(title()),
                () -> "docs/transports.md differs (several kinds of one scheme need several titles); with " + title()
                        + " its table is\n" + page.with(title(), guarantees) + "\n");
    }

    // ---- opening

    @Test
    void missingChannel_isNotFoundAndNotCreated() {
        Assumptions.assumeFalse(isAnonymous(), "no name");
        assertThrows(ChannelNotFoundException.class, () -> openReceiver(endpoint, OpenMode.OPEN_EXISTING));
        assertThrows(ChannelNotFoundException.class, () -> openSender(endpoint, OpenMode.OPEN_EXISTING));
        if (hasFile()) {
            String elsewhere = scheme() + ":" + tmp.path("no/such/directory");
            String refused = assertThrows(
                            ChannelException.class, () -> openReceiver(elsewhere, OpenMode.OPEN_OR_CREATE))
                    .getMessage();
            assertTrue(refused.endsWith("; create its directory first"), refused);
        }
        assertFalse(Files.exists(file(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void fileInsteadOfADirectory_isRefusedAndHasNoChannel() throws Exception {
        Assumptions.assumeTrue(hasFile(), "no file");
        Path file = Files.createFile(tmp.path("file"));
        String within = scheme() + ":" + file.resolve("channel");
        String refused = assertThrows(ChannelException.class, () -> openReceiver(within, OpenMode.OPEN_OR_CREATE))
                .getMessage();
        assertTrue(refused.toLowerCase(Locale.ROOT).contains("not a directory"), refused);
        assertFalse(refused.contains("create its directory"), refused);
        assertFalse(Ipc.delete(within));
    }

    @Test
    void existingChannel_isNotCreatedAgain() throws Exception {
        Assumptions.assumeFalse(isAnonymous(), "no name");
        try (MessageReceiver receiver = openReceiver(endpoint, OpenMode.CREATE_NEW);
                MessageSender sender = openSender(endpoint, OpenMode.OPEN_EXISTING)) {
            assertThrows(ChannelExistsException.class, () -> openReceiver(endpoint, OpenMode.CREATE_NEW));
            sender.send(bytes("x"));
            assertEquals(List.of("x"), drain(receiver));
        }
    }

    @Test
    void channelAtAPath_works() throws Exception {
        Assumptions.assumeTrue(hasFile(), "no file");
        endpoint = scheme() + ":" + tmp.path("by path");
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            assertTrue(Files.exists(tmp.path("by path")));
            sender.send(bytes("x"));
            assertEquals(List.of("x"), drain(receiver));
        }
    }

    @Test
    void channelFile_isPrivate() throws Exception {
        Assumptions.assumeTrue(hasFile(), "no file");
        try (MessageReceiver receiver = receiver()) {
            assertEquals("rw-------", permissions(file()));
            assertEquals("rwx------", permissions(file().getParent()));
            receiver.poll((b, o, l) -> {}, 1);
        }
    }

    private static String permissions(Path path) throws IOException {
        return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    @Scenario("ipc/16")
    @Scenario("research-ipc/32")
    void foreignFiles_areRejectedAndUnchanged() throws Exception {
        Assumptions.assumeTrue(hasFile(), "no file");
        Path file = tmp.path("foreign");
        endpoint = scheme() + ":" + file;
        for (byte[] content : List.of(new byte[0], new byte[1], bytes("some text\n"), pattern(100_000, 3))) {
            Files.write(file, content);
            assertRejected();
            assertArrayEquals(content, Files.readAllBytes(file));
            Files.delete(file);
        }
        Files.copy(Path.of("/bin/sh"), file);
        byte[] program = Files.readAllBytes(file);
        assertRejected();
        assertArrayEquals(program, Files.readAllBytes(file));
        Files.delete(file);

        Files.createDirectory(file);
        assertRejected();
        Files.delete(file);

        Files.createSymbolicLink(file, tmp.path("nowhere"));
        assertRejected();
        assertFalse(Files.exists(tmp.path("nowhere")));
        Files.delete(file);

        String real = scheme() + ":" + tmp.path("real");
        try (MessageReceiver receiver = openReceiver(real, OpenMode.CREATE_NEW)) {
            Files.createSymbolicLink(file, tmp.path("real"));
            assertRejected();
            receiver.poll((b, o, l) -> {}, 1);
        }
        assertTrue(Files.isSymbolicLink(file));
    }

    /** Neither end opens the file, whatever the mode. */
    protected void assertRejected() {
        for (OpenMode mode : OpenMode.values()) {
            assertThrows(ChannelException.class, () -> openReceiver(endpoint, mode), "receiver " + mode);
            if (mode != OpenMode.CREATE_NEW) {
                assertThrows(ChannelException.class, () -> openSender(endpoint, mode), "sender " + mode);
            }
        }
    }

    @Test
    void badEndpoints_areRejectedAndCreateNothing() {
        Assumptions.assumeFalse(isAnonymous(), "no name");
        for (String bad : List.of(
                "?nonsense=1",
                "?capacity=0",
                "?capacity=x",
                "?capacity=1t",
                "?capacity=-5",
                "?capacity=2",
                "?end=soon")) {
            String text = assertThrows(
                            IllegalArgumentException.class, () -> openReceiver(endpoint + bad, OpenMode.OPEN_OR_CREATE))
                    .getMessage();
            assertTrue(text.contains(bad.substring(1, bad.indexOf('='))), text);
            assertThrows(
                    IllegalArgumentException.class, () -> openSender(endpoint + bad, OpenMode.OPEN_OR_CREATE), bad);
        }
        assertThrows(
                IllegalArgumentException.class, () -> openReceiver(scheme() + ":.hidden", OpenMode.OPEN_OR_CREATE));
        assertThrows(IllegalArgumentException.class, () -> openReceiver(scheme() + ":a b", OpenMode.OPEN_OR_CREATE));
        assertFalse(Files.exists(file(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    @Scenario("ipc/23")
    @Scenario("research-ipc/42")
    void manyChannels_leakNothing() throws Exception {
        int count = Soak.scaled(500, 20);
        for (int i = 0; i < count; i++) {
            try (MessageReceiver receiver = receiver();
                    MessageSender sender = sender()) {
                sender.send(bytes("x"));
                assertEquals(1, receiver.poll((b, o, l) -> {}, 9));
            }
        }
        int before = descriptors();
        for (int i = 0; i < count; i++) {
            try (MessageReceiver receiver = receiver();
                    MessageSender sender = sender()) {
                sender.send(bytes("x"));
                assertEquals(1, receiver.poll((b, o, l) -> {}, 9));
            }
        }
        Eventually.assertThat(LONG, "no descriptor more than before", () -> descriptors() <= before);
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }

    protected Path file() {
        return tmp.sharedFile("channel");
    }

    protected static int drainCount(MessageReceiver receiver) {
        return Math.max(0, receiver.poll((b, o, l) -> {}, Integer.MAX_VALUE));
    }
}
