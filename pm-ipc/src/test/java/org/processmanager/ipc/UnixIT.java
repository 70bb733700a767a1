package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Scenario;

/** Unix sockets between processes. */
class UnixIT extends PeerContract {
    @Override
    protected String scheme() {
        return "unix";
    }

    @Test
    @Scenario("ipc/9")
    void senderKilledMidway_leavesNoPartialMessage() throws Exception {
        try (ChildJvm child = CrashPoints.start(ChannelPeer.class, "unix.frame.written", 3);
                MessageReceiver receiver = receiver();
                MessageSender other = sender()) {
            child.call("sender", endpoint);
            assertEquals("SENT", child.call("send", "before"));
            child.send("send", "x".repeat(100_000));
            CrashPoints.assertCrashed(child);
            assertEquals("before", textOf(receiver.receive()));
            other.send(bytes("of a living one"));
            assertEquals("of a living one", textOf(receiver.receive()));
            assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
        }
    }

    /** At each step of opening; the second crash leaves a lock file. */
    @Test
    @Scenario("ipc/11")
    @Scenario("unix/6")
    void receiverKilledWhileOpening_isReplaced() throws Exception {
        Path lock = tmp.sharedFile("channel").resolveSibling("." + tmp.name("channel") + ".lock");
        for (String point : new String[] {"unix.socket.bound", "unix.socket.stale"}) {
            try (ChildJvm child = CrashPoints.start(ChannelPeer.class, point, 1)) {
                child.send("receiver", endpoint, Delivery.AT_MOST_ONCE);
                CrashPoints.assertCrashed(child);
            }
            assertTrue(Files.exists(tmp.sharedFile("channel")) && Files.exists(lock), point);
        }
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("x"));
            assertEquals("x", textOf(receiver.receive()));
            assertFalse(Files.exists(lock));
        }
        assertFalse(Files.exists(tmp.sharedFile("channel")));
    }
}
