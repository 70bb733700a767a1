package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.internal.ChannelPath;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;

/** Channels in shared memory with a lane for each of several senders. */
@Timeout(180)
class MappedLanesTest {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private String name;
    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        name = "mapped:" + tmp.name("channel");
        endpoint = name + "?senders=3&capacity=4k";
        evidence.keep(tmp.sharedFile("channel"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> poll(MessageReceiver receiver, int limit) {
        List<String> got = new ArrayList<>();
        receiver.poll((buffer, offset, length) -> got.add(Codec.utf8().decode(buffer, offset, length)), limit);
        return got;
    }

    // ---- opening

    @Test
    @Scenario("ipc/24")
    @Scenario("research-ipc/50")
    void oneSenderMoreThanSlots_isRefusedNamingTheHolders() {
        try (MessageSender one = Ipc.sender(endpoint);
                MessageSender two = Ipc.sender(name);
                MessageSender three = Ipc.sender(name)) {
            ChannelBusyException busy = assertThrows(ChannelBusyException.class, () -> Ipc.sender(name));
            assertEquals(ProcessHandle.current().pid(), busy.pid());
            assertEquals(
                    3,
                    busy.getMessage().split("pid " + busy.pid(), -1).length - 1,
                    "three holders: " + busy.getMessage());
            two.close();
            Ipc.sender(name).close();
        }
    }

    @Test
    void secondReceiver_isRefused() {
        try (MessageReceiver first = Ipc.receiver(endpoint)) {
            assertThrows(ChannelBusyException.class, () -> Ipc.receiver(name));
        }
    }

    @Test
    void otherNumberOfSenders_isRefused() {
        try (MessageSender first = Ipc.sender(endpoint)) {
            ChannelException other =
                    assertThrows(ChannelException.class, () -> Ipc.sender(name + "?senders=4", OpenMode.OPEN_EXISTING));
            assertTrue(other.getMessage().contains("3 senders"), other.getMessage());
            Ipc.sender(name + "?senders=3").close();
        }
    }

    @Test
    void sendersOutOfRange_isRefused() {
        for (String bad : List.of("0", "65", "-1", "many", "", "64&capacity=1g")) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender(name + "?senders=" + bad), bad);
        }
        assertTrue(!Ipc.delete(name), "nothing was created");
    }

    @Test
    void inspection_countsTheSenders() {
        try (MessageSender one = Ipc.sender(endpoint);
                MessageSender two = Ipc.sender(name);
                MessageReceiver receiver = Ipc.receiver(name)) {
            var channel = SharedMemory.snapshot(ChannelPath.of(Endpoint.parse(name)))
                    .objects()
                    .get(0);
            assertEquals("2 of 3 senders, receiver", channel.state());
            assertEquals(3, channel.owners().size());
        }
    }

    // ---- lanes

    @Test
    void fullLane_leavesRoomInTheOthers() {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender full = Ipc.sender(name);
                MessageSender other = Ipc.sender(name)) {
            int sent = 0;
            while (full.offer(new byte[100]) == SendStatus.SENT) {
                sent++;
            }
            assertEquals(SendStatus.FULL, full.offer(new byte[100]));
            assertEquals(SendStatus.SENT, other.offer(bytes("through")));
            assertEquals(4096, full.snapshot().capacityBytes());
            assertTrue(full.snapshot().backlogBytes() > 3900, full.snapshot().toString());
            assertEquals(16, other.snapshot().backlogBytes());
            ChannelSnapshot seen = receiver.snapshot();
            assertEquals(3 * 4096, seen.capacityBytes());
            assertEquals(full.snapshot().backlogBytes() + 16, seen.backlogBytes());
            // The snapshot of each end shows which lane is full.
            assertEquals(full.snapshot().backlogBytes(), seen.peers().get(0).lagBytes());
            assertEquals(16, seen.peers().get(1).lagBytes());
            assertEquals(sent + 1, poll(receiver, 1000).size());
        }
    }

    @Test
    void poll_visitsTheLanesInTurn() {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender a = Ipc.sender(name);
                MessageSender b = Ipc.sender(name);
                MessageSender c = Ipc.sender(name)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(SendStatus.SENT, a.offer(bytes("a" + i)));
                assertEquals(SendStatus.SENT, b.offer(bytes("b" + i)));
            }
            List<String> got = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                got.addAll(poll(receiver, 1));
            }
            assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2"), got);
            // Starts after the last lane visited: b's.
            assertEquals(SendStatus.SENT, a.offer(bytes("a3")));
            assertEquals(SendStatus.SENT, c.offer(bytes("c0")));
            assertEquals(List.of("c0", "a3"), poll(receiver, 9));
        }
    }

    @Test
    void handlerThatThrows_doesNotHoldUpOtherLanes() {
        try (MessageReceiver receiver =
                        Ipc.receiver(Endpoint.parse(endpoint), OpenMode.OPEN_OR_CREATE, Delivery.AT_LEAST_ONCE);
                MessageSender a = Ipc.sender(name);
                MessageSender b = Ipc.sender(name)) {
            assertEquals(SendStatus.SENT, a.offer(bytes("bad")));
            assertEquals(SendStatus.SENT, b.offer(bytes("good")));
            assertThrows(
                    IllegalStateException.class,
                    () -> receiver.poll(
                            (buffer, offset, length) -> {
                                throw new IllegalStateException("bad message");
                            },
                            1));
            assertEquals(List.of("good", "bad"), poll(receiver, 9));
        }
    }

    @Test
    void laneOfAnEarlierSender_isTakenLastAndContinued() {
        try (MessageReceiver receiver = Ipc.receiver(endpoint)) {
            MessageSender first = Ipc.sender(name);
            assertEquals(SendStatus.SENT, first.offer(bytes("first")));
            first.close();
            List<MessageSender> senders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                MessageSender next = Ipc.sender(name);
                senders.add(next);
                assertEquals(i < 2 ? 0 : 16, next.snapshot().backlogBytes());
                assertEquals(SendStatus.SENT, next.offer(bytes("next " + i)));
            }
            List<String> got = poll(receiver, 9);
            assertEquals(4, got.size());
            assertEquals(got.indexOf("first") + 1, got.indexOf("next 2"), "behind it: " + got);
            senders.forEach(MessageSender::close);
        }
    }

    // ---- the end

    @Test
    void channel_isClosedWhenAllSendersAreGone() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender a = Ipc.sender(name);
                MessageSender b = Ipc.sender(name)) {
            a.send(bytes("from a"));
            a.close();
            assertEquals("from a", receiver.receive(Codec.utf8()));
            assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(16), Duration.ofMillis(30)));
            Background<byte[]> blocked = Background.start(receiver::receive);
            b.close();
            assertNull(blocked.get());
        }
    }

    @Test
    @Scenario("ipc/8")
    void sendersAtOnce_keepEachOrderAndLoseNothing() throws Exception {
        int senders = 4;
        int each = Soak.scaled(1_000_000, 20_000);
        String many = name + "?senders=4&capacity=8k";
        long[] next = new long[senders];
        try (MessageReceiver receiver = Ipc.receiver(many)) {
            List<Background<Void>> sending = new ArrayList<>();
            for (int s = 0; s < senders; s++) {
                int number = s;
                MessageSender sender = Ipc.sender(name);
                sending.add(Background.start(() -> {
                    try (sender) {
                        send(sender, number, each);
                    }
                    return null;
                }));
            }
            receiver.forEach((buffer, offset, length) -> {
                int sender = buffer.getInt(offset);
                assertEquals(next[sender]++, buffer.getLong(offset + 4));
            });
            for (Background<Void> thread : sending) {
                thread.get();
            }
            for (long count : next) {
                assertEquals(each, count);
            }
        }
    }

    /** Sends numbered messages, by turns one by one and in batches. */
    private static void send(MessageSender sender, int number, int count) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocateDirect(64).putInt(0, number);
        int i = 0;
        while (i < count) {
            for (int end = Math.min(count, i + 50); i < end; i++) {
                sender.send(message.putLong(4, i));
            }
            try (Batch batch = sender.batch()) {
                for (int end = Math.min(count, i + 50); i < end; i++) {
                    batch.send(message.putLong(4, i));
                }
            }
        }
    }

    @Test
    void damagedLane_isReportedByItsNumber() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender a = Ipc.sender(name);
                MessageSender b = Ipc.sender(name)) {
            a.send(bytes("intact"));
            b.send(bytes("overwritten"));
            assertEquals(SendStatus.SENT, b.offer(bytes("x")));
            // The header of the first record of the second lane, found by its payload.
            damage("overwritten");
            ChannelCorruptException damaged = assertThrows(ChannelCorruptException.class, () -> poll(receiver, 9));
            assertTrue(damaged.getMessage().contains("lane 1 of mapped:"), damaged.getMessage());
        }
    }

    private void damage(String payload) throws Exception {
        try (var file = java.nio.channels.FileChannel.open(
                ChannelPath.of(Endpoint.parse(name)),
                java.nio.file.StandardOpenOption.READ,
                java.nio.file.StandardOpenOption.WRITE)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            file.read(all, 0);
            int at = new String(all.array(), java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(payload);
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), at - 8);
        }
    }
}
