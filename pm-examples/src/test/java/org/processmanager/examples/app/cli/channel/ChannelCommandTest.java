package org.processmanager.examples.app.cli.channel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.SharedMemory;

/** {@code pm channel}, within this JVM; children are there to be suspended and killed. */
@Timeout(180)
class ChannelCommandTest {
    private static final long SELF = ProcessHandle.current().pid();

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.get(field).asText()));
        return texts;
    }

    /** Opens both ends when told. */
    static final class Child implements ChildProgram {
        private MessageReceiver receiver;
        private MessageSender sender;

        @Override
        public void register(ChildCommands commands) {
            commands.on("receiver", args -> {
                receiver = Ipc.receiver(args.get(0));
                return "";
            });
            commands.on("sender", args -> {
                sender = Ipc.sender(args.get(0));
                return "";
            });
            commands.on("send", args -> {
                sender.send(bytes(args.get(0)));
                return "";
            });
            commands.on("receive", args -> new String(receiver.receive(), UTF_8));
        }
    }

    @Test
    void ls_showsEachKindOfChannel() throws Exception {
        Path directory = tmp.directory();
        Files.writeString(directory.resolve("text"), "some text");
        SharedMemory.create(directory.resolve("region"), SharedMemory.megabytes(1))
                .close();
        Path socket = directory.resolve("socket");
        try (MessageSender sender = Ipc.sender("mapped:" + directory.resolve("mapped"));
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            sender.send(bytes("12345678"));
            JsonNode found = pm("channel", "ls", "-o", "json", directory.toString())
                    .assertExit(0)
                    .json();
            assertEquals(List.of("mapped:" + directory.resolve("mapped"), "unix:" + socket), texts(found, "endpoint"));
            JsonNode mapped = found.get(0);
            assertEquals(1, mapped.get("senders").intValue());
            assertEquals(0, mapped.get("receivers").intValue());
            assertEquals(16, mapped.get("backlogBytes").intValue());
            assertEquals("in use", mapped.get("state").textValue());
            assertTrue(mapped.get("damagedAt").isNull());
            assertEquals(SELF, mapped.get("ends").get(0).get("pid").longValue());
            assertEquals(16, mapped.get("lanes").get(0).get("written").longValue());
            assertEquals(1, found.get(1).get("receivers").intValue(), "a listener");
            List<String> lines = pm("channel", "ls", directory.toString()).lines();
            assertEquals(3, lines.size());
            assertTrue(lines.get(1).matches("mapped:\\S+ +1 +0 +16 bytes  in use"), lines.get(1));
        }
        List<String> lines = pm("channel", "ls", directory.toString()).lines();
        assertTrue(lines.get(1).endsWith("16 bytes  unreceived messages"), lines.get(1));
        assertTrue(lines.get(2).endsWith("unused"), lines.get(2));
    }

    @Test
    void stat_ofAFifo_namesItsProcesses() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "no FIFO transport without the native layer");
        String endpoint = "fifo:" + tmp.path("pipe");
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                ChildJvm child = ChildJvm.start(Child.class)) {
            child.call("sender", endpoint);
            child.call("send", "connected");
            String text = pm("channel", "stat", endpoint).assertExit(0).out();
            assertTrue(text.contains("receiver pid " + SELF), text);
            assertTrue(text.contains("sender pid " + child.pid()), text);
            pm("channel", "gc", endpoint).assertExit(1);
            assertTrue(Files.exists(tmp.path("pipe")));
            assertEquals("connected", new String(receiver.receive(), UTF_8));
        }
        pm("channel", "stat", endpoint).assertExit(3);
    }

    @Test
    void stat_showsLanesAndEnds() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?capacity=4k";
        try (MessageSender sender = Ipc.sender(endpoint);
                MessageReceiver receiver = Ipc.receiver(endpoint)) {
            sender.send(bytes("12345678"));
            sender.send(bytes("12345678"));
            receiver.receive();
            String text = pm("channel", "stat", endpoint).assertExit(0).out();
            assertTrue(text.contains("lane 0 of 4096 bytes: written 32, taken 16"), text);
            assertTrue(text.contains("lags by 16 bytes"), text);
            String top = pm("channel", "top", "--count", "1", "--interval", "20ms", endpoint)
                    .assertExit(0)
                    .out();
            assertTrue(top.contains("lags by 16 bytes"), top);
            assertEquals(2, top.lines().count(), top);
        }
        pm("channel", "stat", "mapped:" + tmp.path("nothing")).assertExit(3);
        pm("channel", "stat", "fifo:" + tmp.path("channel")).assertExit(2);
        pm("channel", "stat", "memory:x").assertExit(2);
    }

    @Test
    @Scenario("channels/8")
    void doctor_namesTheSuspendedAndTheSlow() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?capacity=4k";
        String[] doctor = {"channel", "doctor", "--sample", "100ms", "-o", "json", endpoint};
        try (MessageSender sender = Ipc.sender(endpoint);
                ChildJvm child = ChildJvm.start(Child.class)) {
            sender.send(bytes("kept"));
            JsonNode alone = pm(doctor).assertExit(1).json();
            assertTrue(alone.get(0).get("found").textValue().contains("there is no receiver"), alone::toString);

            child.call("receiver", endpoint);
            assertEquals("kept", child.call("receive"));
            assertEquals("[]", pm(doctor).assertExit(0).out().strip());

            while (sender.offer(ByteBuffer.allocate(100)) == SendStatus.SENT) {
                // until it is full
            }
            JsonNode slow = pm(doctor).assertExit(1).json();
            assertTrue(slow.get(0).get("found").textValue().contains("receiver pid " + child.pid()), slow::toString);
            assertTrue(slow.get(0).get("advice").textValue().contains("jstack " + child.pid()), slow::toString);

            child.signal("STOP");
            JsonNode suspended = pm(doctor).assertExit(1).json();
            child.signal("CONT");
            assertTrue(suspended.get(0).get("found").textValue().contains("pid " + child.pid()), suspended::toString);
            assertTrue(
                    suspended.get(0).get("advice").textValue().contains("kill -CONT " + child.pid()),
                    suspended::toString);
            child.kill9();
            String dead = pm("channel", "doctor", "--sample", "0s", endpoint)
                    .assertExit(1)
                    .out();
            assertTrue(dead.contains("receiver pid " + child.pid()) && dead.contains("died; its place"), dead);
        }
    }

    @Test
    @Scenario("channels/8")
    void doctor_ofAQueue_namesItsReceivers() throws Exception {
        String endpoint = "mapped:" + tmp.path("queue") + "?mode=queue";
        String[] doctor = {"channel", "doctor", "--sample", "10ms", endpoint};
        try (MessageSender sender = Ipc.sender(endpoint);
                MessageReceiver receiver = Ipc.receiver(endpoint)) {
            String empty = pm(doctor).assertExit(0).out();
            assertTrue(empty.contains("nothing holds it up"), empty);
            sender.send(bytes("kept"));
            String text = pm(doctor).assertExit(0).out();
            assertTrue(text.contains("1 message not received") && text.contains("jstack " + SELF), text);
            receiver.receive();
        }
    }

    @Test
    void doctor_ofAFifo_saysWhatCannotBeSeen() {
        Assumptions.assumeTrue(NativeLayer.available(), "no FIFO transport without the native layer");
        String endpoint = "fifo:" + tmp.path("pipe");
        try (MessageReceiver receiver = Ipc.receiver(endpoint)) {
            String text = pm("channel", "doctor", "--sample", "0s", endpoint)
                    .assertExit(0)
                    .out();
            assertTrue(text.contains("cannot be seen from outside"), text);
            assertFalse(receiver.isChannelClosed());
        }
    }

    @Test
    @Scenario("channels/8")
    void doctor_namesAnOpenClaim() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel") + "?capacity=4k";
        String[] doctor = {"channel", "doctor", "--sample", "10ms", endpoint};
        try (MessageSender sender = Ipc.sender(endpoint);
                MessageReceiver receiver = Ipc.receiver(endpoint)) {
            pm(doctor).assertExit(0);
            try (Claim claim = sender.claim(8)) {
                String text = pm(doctor).assertExit(1).out();
                assertTrue(text.contains("sender pid " + SELF) && text.contains("has a claim open since"), text);
                assertTrue(text.contains("at position 0") && text.contains("which blocks its lane"), text);
                JsonNode found = pm("channel", "stat", "-o", "json", endpoint).json();
                assertTrue(found.toString().contains("\"claim\":{\"since\""), found::toString);
                claim.commit();
            }
            assertEquals(8, receiver.receive().length);
            pm(doctor).assertExit(0);
        }
    }

    @Test
    @Scenario("channels/7")
    void dump_showsMessagesAfterAllWereKilled() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel");
        try (ChildJvm child = ChildJvm.start(Child.class)) {
            child.call("sender", endpoint);
            child.call("receiver", endpoint);
            child.call("send", "first");
            child.call("send", "grüße");
            assertEquals("first", child.call("receive"));
            child.kill9();
        }
        List<String> lines = pm("channel", "dump", endpoint).assertExit(0).lines();
        assertEquals(3, lines.size(), lines::toString);
        assertTrue(lines.get(1).matches(" +0 +0 +5  received +first"), lines.get(1));
        assertTrue(lines.get(2).matches(" +0 +16 +7  unreceived  grüße"), lines.get(2));
        JsonNode json = pm("channel", "dump", "-n", "1", "-o", "json", endpoint).json();
        assertEquals(List.of("grüße"), texts(json, "text"));
        try (MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(new byte[] {(byte) 0xff, 0});
        }
        assertTrue(pm("channel", "dump", endpoint).out().contains("ff00"));
        assertEquals(3, pm("recv", "--count", "3", endpoint).exit(), "the first one was received");
        pm("channel", "dump", "mapped:" + tmp.path("nothing")).assertExit(3);
        pm("channel", "dump", "fifo:" + tmp.path("channel")).assertExit(2);
        Ipc.sender("mapped:" + tmp.path("empty")).close();
        pm("channel", "dump", "mapped:" + tmp.path("empty")).assertExit(3);
    }

    @Test
    void dump_ofADamagedLane_showsWhatPrecedesTheDamage() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel");
        try (MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(bytes("first"));
            sender.send(bytes("other"));
        }
        byte[] file = Files.readAllBytes(tmp.path("channel"));
        int payload = new String(file, ISO_8859_1).indexOf("other");
        Arrays.fill(file, payload - 8, payload, (byte) 0x5a); // its header
        Files.write(tmp.path("channel"), file);
        PmRun dump = pm("channel", "dump", endpoint).assertExit(1);
        assertTrue(dump.out().contains("first"), dump.out());
        assertTrue(dump.err().contains("is damaged at position 16"), dump.err());
    }

    @Test
    @Scenario("channels/9")
    void gc_removesOnlyWhatNobodyHolds() throws Exception {
        String endpoint = "mapped:" + tmp.path("channel");
        try (MessageSender sender = Ipc.sender(endpoint)) {
            String complaint = pm("channel", "gc", endpoint).assertExit(1).err();
            assertTrue(complaint.contains("in use by sender pid " + SELF), complaint);
            sender.send(bytes("x"));
        }
        assertTrue(pm("channel", "gc", endpoint).assertExit(1).err().contains("--with-messages"));
        pm("channel", "gc", "--dry-run", "--with-messages", endpoint).assertExit(0);
        assertTrue(Files.exists(tmp.path("channel")));
        pm("channel", "gc", "--with-messages", endpoint).assertExit(0);
        assertFalse(Files.exists(tmp.path("channel")));
        pm("channel", "gc", endpoint).assertExit(3);

        String queue = "mapped:" + tmp.path("queue");
        pm("send", queue + "?mode=queue", "a job").assertExit(0);
        String jobs = pm("channel", "gc", queue).assertExit(1).err();
        assertTrue(jobs.contains("1 message not received"), jobs);
        assertTrue(pm("channel", "stat", queue).out().contains("1 message not received"));
        pm("channel", "dump", queue).assertExit(2);
        pm("recv", queue).assertExit(0);
        pm("channel", "gc", queue).assertExit(0);
        assertFalse(Files.exists(tmp.path("queue")));

        Path socket = tmp.path("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            pm("channel", "gc", "unix:" + socket).assertExit(1);
        }
        assertTrue(Files.exists(socket, LinkOption.NOFOLLOW_LINKS));
        pm("channel", "gc", "unix:" + socket).assertExit(0);
        assertFalse(Files.exists(socket, LinkOption.NOFOLLOW_LINKS));

        Path file = Files.writeString(tmp.path("text"), "some text");
        for (String scheme : new String[] {"mapped", "fifo", "unix"}) {
            pm("channel", "gc", "--with-messages", scheme + ":" + file).assertExit(2);
        }
        assertEquals("some text", Files.readString(file));
    }

    @Test
    @Scenario("channels/9")
    void gc_ofAllChannels_leavesTheNewOnes() throws IOException {
        String old = tmp.name("old");
        String recent = tmp.name("recent");
        for (String name : new String[] {old, recent}) {
            Ipc.sender("mapped:" + name).close();
        }
        Files.setLastModifiedTime(
                tmp.sharedFile("old"),
                java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() - 70_000));
        String removed = pm("channel", "gc", "--dry-run").assertExit(0).out();
        assertTrue(removed.contains("would remove " + tmp.sharedFile("old")), removed);
        assertFalse(removed.contains(recent), removed);
    }
}
