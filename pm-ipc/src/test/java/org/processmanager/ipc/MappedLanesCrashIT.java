package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.sync.SharedMemory;

/** Several senders of a mapped channel, and its receiver, that are killed or suspended. */
@Timeout(3600)
class MappedLanesCrashIT {
    private static final int SENDERS = 3;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long LEDGER_BYTES = 256 << 10;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private final List<ChildJvm> children = new ArrayList<>();
    private String name;

    @BeforeEach
    void nameTheChannel() {
        name = "mapped:" + tmp.name("channel");
        evidence.keep(tmp.sharedFile("channel"));
    }

    @AfterEach
    void endChildren() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm startPeer() {
        ChildJvm child = ChildJvm.start(ChannelPeer.class);
        children.add(child);
        return child;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> receive(MessageReceiver receiver, int count) throws InterruptedException {
        List<String> got = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            got.add(receiver.receive(Codec.utf8(), LONG));
        }
        return got;
    }

    @Test
    @Scenario("ipc/9")
    @Scenario("ipc/15")
    @Scenario("ipc/24")
    void killedOrSuspendedSender_delaysNoOther() throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(name + "?senders=2")) {
            ChildJvm killed = startPeer();
            ChildJvm suspended = startPeer();
            killed.call("sender", name);
            suspended.call("sender", name);
            killed.call("send", "k1", "k2");
            killed.call("claim", "never committed");
            suspended.call("send", "s1");
            killed.kill9();
            assertEquals(
                    List.of("k1", "k2", "s1"),
                    receive(receiver, 3).stream().sorted().toList());
            assertEquals(ReceiveResult.EMPTY, receiver.receive(ByteBuffer.allocate(99), Duration.ofMillis(50)));

            suspended.call("claim", "slow but sure");
            suspended.signal("STOP");
            OpenClaim claim = claimOf(suspended.pid(), receiver).orElseThrow();
            assertTrue(
                    receiver.snapshot().toString().contains("pid " + suspended.pid() + ", claim open since "),
                    receiver.snapshot().toString());
            assertTrue(claim.position() > 0 && claim.threadId() > 0, claim.toString());
            try (MessageSender next = Ipc.sender(name)) {
                for (int i = 0; i < 2_000; i++) {
                    next.send(bytes("n" + i));
                    assertEquals(List.of("n" + i), receive(receiver, 1));
                }
                ChannelBusyException busy = assertThrows(ChannelBusyException.class, () -> Ipc.sender(name));
                assertTrue(busy.getMessage().contains("pid " + suspended.pid()), busy.getMessage());
                assertTrue(
                        busy.getMessage()
                                .contains("pid " + ProcessHandle.current().pid()),
                        busy.getMessage());
            }
            assertTrue(receiver.snapshot().connected());
            assertEquals(
                    Optional.of(claim), claimOf(suspended.pid(), receiver), "still, and nothing was taken from it");
            suspended.signal("CONT");
            suspended.call("commit");
            assertEquals(List.of("slow but sure"), receive(receiver, 1));
            assertEquals(Optional.empty(), claimOf(suspended.pid(), receiver));
            suspended.kill9();
            assertEquals(null, receiver.receive(LONG));
            assertTrue(receiver.isChannelClosed());
        }
    }

    /** Returns the claim of a sender, as both the receiver and an inspection show it. */
    private Optional<OpenClaim> claimOf(long pid, MessageReceiver receiver) {
        Optional<OpenClaim> seen = receiver.snapshot().peers().stream()
                .filter(peer -> peer.pid() == pid)
                .findFirst()
                .flatMap(ChannelSnapshot.Peer::claim);
        assertEquals(
                seen,
                Ipc.inspect(name).ends().stream()
                        .filter(end -> end.pid() == pid)
                        .findFirst()
                        .flatMap(ChannelInspection.End::claim));
        return seen;
    }

    @Test
    @Scenario("ipc/10")
    @Scenario("ipc/13")
    void allKilled_lanesAreDrainedAfterRestart() throws Exception {
        ChildJvm first = startPeer();
        ChildJvm second = startPeer();
        ChildJvm receiving = startPeer();
        first.call("sender", name + "?senders=" + SENDERS);
        second.call("sender", name);
        receiving.call("receiver", name, Delivery.AT_LEAST_ONCE);
        first.call("send", "a0", "a1", "a2");
        second.call("send", "b0", "b1", "b2");
        receiving.send("consume", "a1");
        receiving.expect("got a1");
        int filled = Integer.parseInt(second.call("fill", 100));
        children.forEach(ChildJvm::kill9);
        // The dead receiver's position is continued in each lane; what was in its handler comes again.
        try (MessageReceiver receiver = Ipc.receiver(name)) {
            List<String> got = new ArrayList<>();
            receiver.forEach(Codec.utf8(), text -> got.add(text.length() == 100 ? "filled" : text));
            assertEquals(filled, got.stream().filter("filled"::equals).count());
            got.removeIf("filled"::equals);
            assertEquals(
                    List.of("a1", "a2"),
                    got.stream().filter(text -> text.startsWith("a")).toList());
            List<String> ofSecond =
                    got.stream().filter(text -> text.startsWith("b")).toList();
            assertEquals(ofSecond.stream().sorted(Comparator.naturalOrder()).toList(), ofSecond);
            assertTrue(ofSecond.contains("b2"), ofSecond.toString());
            try (MessageSender next = Ipc.sender(name)) {
                next.send(bytes("after restart"));
                assertEquals(List.of("after restart"), receive(receiver, 1));
            }
        }
    }

    // ---- random parties are killed

    @Test
    @Scenario("ipc/9")
    @Scenario("ipc/10")
    void partiesKilledAtRandom_loseNothingAcknowledged() throws Exception {
        int kills = Soak.scaled(1_000, 2);
        int numbers = SENDERS + kills;
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path books = tmp.sharedFile("books");
        try (SharedMemory memory = SharedMemory.create(books, LEDGER_BYTES)) {
            LanePeer.Ledger ledger = new LanePeer.Ledger(memory, numbers);
            String endless = name + "?end=never&capacity=4k&senders=" + SENDERS;
            int started = 0;
            List<ChildJvm> parties = new ArrayList<>();
            List<Integer> numberOf = new ArrayList<>();
            List<ChildReply> work = new ArrayList<>();
            for (int party = 0; party <= SENDERS; party++) {
                parties.add(ChildJvm.start(LanePeer.class));
                numberOf.add(party == SENDERS ? -1 : started++);
            }
            children.addAll(parties);
            for (int party = 0; party <= SENDERS; party++) {
                work.add(begin(parties.get(party), numberOf.get(party), endless, books, numbers));
            }
            int killedReceivers = 1; // at the end
            for (int kill = 0; kill < kills; kill++) {
                int party = random.nextInt(SENDERS + 1);
                killedReceivers += party == SENDERS ? 1 : 0;
                awaitProgress(ledger, numberOf.get(party), started, work.get(party));
                parties.get(party).kill9();
                children.remove(parties.get(party));
                parties.get(party).close();
                ChildJvm next = ChildJvm.start(LanePeer.class);
                children.add(next);
                parties.set(party, next);
                numberOf.set(party, party == SENDERS ? -1 : started++);
                work.set(party, begin(next, numberOf.get(party), endless, books, numbers));
                assertEquals(0, ledger.wrong(), "seed " + seed + ", after kill " + kill + ": sender + 1");
            }
            for (int party = 0; party <= SENDERS; party++) {
                awaitProgress(ledger, numberOf.get(party), started, work.get(party));
            }
            parties.get(SENDERS).kill9();
            ledger.stop();
            ledger.receive(name);
            assertEquals(0, ledger.wrong(), "seed " + seed);
            // One of each: what it had in its handler. The next may be killed before it comes to that lane.
            assertTrue(
                    ledger.repeated() <= killedReceivers,
                    "seed " + seed + ": " + ledger.repeated() + " repeated by " + killedReceivers + " receivers");
            for (int number = 0; number < started; number++) {
                long more = ledger.received(number) - ledger.acked(number);
                assertTrue(more >= 0, "seed " + seed + ", sender " + number + " lost " + -more);
                assertTrue(
                        more <= 20, "seed " + seed + ", sender " + number + " was killed with " + more + " unbooked");
            }
        }
    }

    private static ChildReply begin(ChildJvm child, int number, String endpoint, Path books, int numbers) {
        return number < 0
                ? child.send("receiver", endpoint, books, numbers)
                : child.send("sender", endpoint, books, numbers, number);
    }

    /** Waits until a sender has sent something, or a receiver received something. */
    private void awaitProgress(LanePeer.Ledger ledger, int number, int started, ChildReply work) {
        long before = received(ledger, started);
        BooleanSupplier moved =
                () -> number < 0 ? received(ledger, started) > before + 100 : ledger.received(number) > 100;
        boolean ended = Eventually.await(LONG, () -> moved.getAsBoolean() || work.isDone());
        if (!moved.getAsBoolean()) {
            fail("party " + number + (ended ? " returned " + work.await() : " makes no progress: ")
                    + Ipc.inspect(name));
        }
    }

    private static long received(LanePeer.Ledger ledger, int senders) {
        long all = 0;
        for (int i = 0; i < senders; i++) {
            all += ledger.received(i);
        }
        return all;
    }
}
