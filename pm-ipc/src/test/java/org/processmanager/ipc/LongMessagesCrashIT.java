package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.processmanager.ipc.Background.run;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Processes that are killed within a message that is longer than half a lane, or than the lane. */
@Timeout(120)
class LongMessagesCrashIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private String endpoint;

    @BeforeEach
    void nameTheChannel() {
        endpoint = "mapped:" + tmp.name("channel") + "?capacity=4k";
        evidence.keep(tmp.sharedFile("channel"));
    }

    private static void sendAndReceive(MessageReceiver receiver, MessageSender sender) throws Exception {
        for (int length : new int[] {20_000, 1, 3_000}) {
            String text = "y".repeat(length);
            Background<Void> sending = run(() -> sender.send(text, Codec.utf8()));
            assertEquals(text, receiver.receive(Codec.utf8(), LONG));
            sending.get();
        }
    }

    /** The first one before the second fragment of two that are committed together, the second one after a part. */
    @ParameterizedTest
    @CsvSource({"lane.payload, 3, 3000", "lane.committed, 4, 20000"})
    @Scenario("ipc/9")
    @Scenario("channels/12")
    void senderKilledWithin_leavesOnlyWholeMessages(String point, int nth, int length) throws Exception {
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, point, nth);
                MessageReceiver receiver = Ipc.receiver(endpoint)) {
            child.call("sender", endpoint);
            child.call("sendBytes", 1_500);
            child.send("sendBytes", length);
            assertEquals("x".repeat(1_500), receiver.receive(Codec.utf8(), LONG));
            assertNull(receiver.receive(), "nothing of the unfinished message");
            CrashPoints.assertCrashed(child);
            try (MessageSender next = Ipc.sender(endpoint)) {
                sendAndReceive(receiver, next);
            }
        }
    }

    @Test
    @Scenario("ipc/10")
    void receiverKilledWithin_isReported() throws Exception {
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, "lane.taken", 2);
                MessageSender sender = Ipc.sender(endpoint)) {
            child.call("receiver", endpoint, Delivery.AT_LEAST_ONCE);
            child.send("receive");
            assertThrows(NotConnectedException.class, () -> sender.send("x".repeat(20_000), Codec.utf8()));
            CrashPoints.assertCrashed(child);
            try (MessageReceiver next = Ipc.receiver(endpoint)) {
                sendAndReceive(next, sender);
            }
        }
    }

    @Test
    @Scenario("ipc/10")
    void receiverKilledInTheHandler_getsWholeMessageAgain() throws Exception {
        String whole = "w".repeat(3_000);
        try (ChildJvm child = ChildJvm.start(ChannelPeer.class);
                MessageSender sender = Ipc.sender(endpoint)) {
            sender.send("x".repeat(1_500), Codec.utf8());
            child.call("receiver", endpoint, Delivery.AT_LEAST_ONCE);
            child.call("receive");
            sender.send(whole, Codec.utf8());
            child.send("consume", whole);
            child.expect("got " + whole);
            child.kill9();
            try (MessageReceiver next = Ipc.receiver(endpoint)) {
                assertEquals(whole, next.receive(Codec.utf8(), LONG));
                sendAndReceive(next, sender);
            }
        }
    }
}
