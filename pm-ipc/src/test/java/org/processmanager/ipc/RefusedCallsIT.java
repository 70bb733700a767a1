package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;

/** Channels where a container runtime or an old kernel refuses system calls: they work, or the exception is of this library; and channels without room. */
class RefusedCallsIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    static final class User implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("roundtrip", arguments -> {
                try (MessageReceiver receiver = Ipc.receiver(arguments.get(0), OpenMode.OPEN_OR_CREATE);
                        MessageSender sender = Ipc.sender(arguments.get(0), OpenMode.OPEN_OR_CREATE)) {
                    Background<byte[]> asleep = Background.startAndBlock(receiver::receive);
                    sender.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    return "" + asleep.get().length;
                } catch (RuntimeException e) {
                    return e.getClass().getName() + ": " + e.getMessage();
                }
            });
            commands.on("receiver", arguments -> {
                try {
                    Ipc.receiver(arguments.get(0));
                    return "";
                } catch (OutOfMemoryError e) {
                    return "no memory";
                }
            });
        }
    }

    @Test
    void exhaustedMemory_leavesNoReceiver() {
        String endpoint = "mapped:" + tmp.path("queue") + "?mode=queue&max=1m&capacity=1m";
        try (ChildJvm child =
                ChildJvm.of(User.class).options("-XX:MaxDirectMemorySize=512k").start()) {
            assertEquals("no memory", child.call("receiver", endpoint));
            assertEquals(List.of(), Ipc.inspect(endpoint).ends());
        }
    }

    @Test
    @Scenario("public-platform/4")
    void refusedOfdLocks_leaveMappedChannels() {
        assumeTrue(NativeLayer.available(), "the portable path never has them");
        try (ChildJvm child =
                ChildJvm.of(User.class).denying("ofd_locks EINVAL").start()) {
            assertEquals("3", child.call("roundtrip", "mapped:" + tmp.path("mapped")));
            String refused = child.call("roundtrip", "fifo:" + tmp.path("fifo"));
            assertTrue(refused.startsWith(UnsupportedOperationException.class.getName() + ": a FIFO"), refused);
        }
    }

    @Test
    @Scenario("public-platform/4")
    @Scenario("research-ipc/41")
    void refusedLockAndWaits_areNamedOrReplaced() {
        assumeTrue(NativeLayer.available(), "there are no FIFOs");
        Path fifo = tmp.path("fifo");
        try (ChildJvm child = ChildJvm.of(User.class)
                .denying("flock ENOSYS", "membarrier EPERM", "shared_futex_wait ENOSYS", "fallocate EOPNOTSUPP")
                .start()) {
            assertEquals("3", child.call("roundtrip", "mapped:" + tmp.path("mapped")));
            String refused = child.call("roundtrip", "fifo:" + fifo);
            assertTrue(refused.startsWith(ChannelException.class.getName() + ": cannot lock " + fifo), refused);
        }
    }

    @Test
    @Scenario("ipc/21")
    @Scenario("research-ipc/39")
    @Scenario("research-ipc/40")
    void smallFileSystem_isReportedAndWhatFitsIsKept() throws Exception {
        Path disk = Files.createDirectory(tmp.path("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()), "may not mount");
        try {
            String endpoint = "mapped:" + disk.resolve("channel");
            for (String large : List.of("capacity=1m", "mode=broadcast&capacity=1m", "mode=queue&capacity=1m")) {
                String text = assertThrows(ChannelException.class, () -> Ipc.receiver(endpoint + "?" + large))
                        .getMessage();
                assertTrue(text.contains("space left"), text);
                assertEquals(0, disk.toFile().list().length, large);
            }
            try (MessageReceiver receiver = Ipc.receiver(endpoint + "?capacity=64k");
                    MessageSender sender = Ipc.sender(endpoint)) {
                fill(disk.resolve("full"));
                for (int i = 0; i < 20; i++) {
                    sender.send(new byte[20_000]);
                    assertEquals(20_000, receiver.receive().length, "its pages are its own");
                }
            }
        } finally {
            assertTrue(run("umount", "-l", disk.toString()));
        }
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            assertThrows(IOException.class, () -> {
                while (true) {
                    out.write(new byte[4096]);
                }
            });
        }
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
