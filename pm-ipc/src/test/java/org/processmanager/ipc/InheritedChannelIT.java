package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.Command;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;

/** Channels that are passed to a child. */
@Timeout(180)
class InheritedChannelIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** A child that sends its argument through the inherited channel. */
    static final class Child {
        public static void main(String[] args) throws InterruptedException {
            if (!Ipc.inherited("jobs").scheme().equals(args[0])) {
                throw new IllegalStateException(Ipc.inherited("jobs").toString());
            }
            try (MessageSender sender = Ipc.sender(Ipc.inherited("jobs"), OpenMode.OPEN_EXISTING)) {
                sender.send(args[1].getBytes(UTF_8));
            }
        }
    }

    private static void assertSends(MessageReceiver receiver, Command child) throws Exception {
        ProcessResult result = child.acceptAnyExit().run();
        assertEquals(new ExitStatus.Exited(0), result.status(), result::stderrText);
        byte[] message = receiver.receive();
        assertEquals("a job of the child", message == null ? "nothing" : new String(message, UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "fifo", "unix"})
    void channel_isOpenedByAChildJvm(String scheme) throws Exception {
        assumeTrue(NativeLayer.available() || scheme.equals("mapped"));
        String endpoint = scheme + ":" + tmp.path("channel");
        try (ProcessManager manager = ProcessManager.create();
                MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.CREATE_NEW)) {
            assertSends(
                    receiver,
                    manager.command(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Child.class.getName(),
                                    scheme,
                                    "a job of the child")
                            .pass("jobs", Ipc.forChild(endpoint)));
        }
    }

    /** Uses nothing but what docs/file-formats.md documents. */
    private static final String PYTHON = """
            import os, struct, sys
            def crc32c(data):
                crc = 0xffffffff
                for byte in data:
                    crc ^= byte
                    for _ in range(8):
                        crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
                return crc ^ 0xffffffff
            path = os.environ["PM_RESOURCE_JOBS"]
            assert path.startswith("file:/"), path
            payload = b"a job of the child"
            begin_end = 3
            head = struct.pack("=IBBHqiii", 0x504d4631, 1, begin_end, len(payload), 4711, 0, len(payload), 0)
            with open(path[5:], "wb", buffering=0) as pipe:
                pipe.write(head + struct.pack("=I", crc32c(head)) + payload)
            """;

    @Test
    void pipe_acceptsFramesOfAPythonChild() throws Exception {
        assumeTrue(NativeLayer.available());
        String endpoint = "fifo:" + tmp.path("channel");
        try (ProcessManager manager = ProcessManager.create();
                MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.CREATE_NEW)) {
            assumeTrue(hasPython(manager), "needs python3");
            assertSends(receiver, manager.command("python3", "-c", PYTHON).pass("jobs", Ipc.forChild(endpoint)));
        }
    }

    private static boolean hasPython(ProcessManager manager) throws InterruptedException {
        return manager.command("sh", "-c", "command -v python3")
                .acceptAnyExit()
                .run()
                .status()
                .equals(new ExitStatus.Exited(0));
    }

    @Test
    void forChild_checksTheEndpointAndOpensNothing() {
        Path path = tmp.path("channel");
        assertEquals(path, Ipc.forChild("mapped:" + path).fileForChild().orElseThrow());
        assertFalse(Files.exists(path));
        assertThrows(IllegalArgumentException.class, () -> Ipc.forChild("mapped:" + path + "?size=3"));
        assertThrows(IllegalArgumentException.class, () -> Ipc.forChild("nothing:" + path));
        assertThrows(IllegalArgumentException.class, () -> Ipc.forChild("fifo:a b"));
        ChannelNotFoundException e =
                assertThrows(ChannelNotFoundException.class, () -> Ipc.inherited("nothing", "mapped"));
        assertTrue(e.getMessage().contains("nothing"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Ipc.inherited("no name", "mapped"));
        assertThrows(ChannelNotFoundException.class, () -> Ipc.inherited("nothing"));
        assertThrows(IllegalArgumentException.class, () -> Ipc.inherited("no name"));
        Transport other = new Transport() {
            @Override
            public String scheme() {
                return "other";
            }

            @Override
            public MessageSender openSender(Endpoint endpoint, OpenMode mode) {
                throw new AssertionError();
            }

            @Override
            public MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
                throw new AssertionError();
            }
        };
        assertThrows(UnsupportedOperationException.class, () -> other.forChild(new Endpoint("other", "x", Map.of())));
    }
}
