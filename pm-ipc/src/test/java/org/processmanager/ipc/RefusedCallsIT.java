package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;

/** Channels where a container runtime or an old kernel refuses system calls: they work, or the exception is of this library. */
class RefusedCallsIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    static final class User implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("roundtrip", arguments -> {
                try (MessageReceiver receiver = Ipc.receiver(arguments.get(0), OpenMode.OPEN_OR_CREATE);
                        MessageSender sender = Ipc.sender(arguments.get(0), OpenMode.OPEN_OR_CREATE)) {
                    sender.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    int[] length = new int[1];
                    receiver.poll((message, offset, n) -> length[0] = n, 1);
                    return "" + length[0];
                } catch (RuntimeException e) {
                    return e.getClass().getName() + ": " + e.getMessage();
                }
            });
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
    void refusedFileLock_isNamed() {
        assumeTrue(NativeLayer.available(), "there are no FIFOs");
        Path fifo = tmp.path("fifo");
        try (ChildJvm child = ChildJvm.of(User.class).denying("flock ENOSYS").start()) {
            assertEquals("3", child.call("roundtrip", "mapped:" + tmp.path("mapped")));
            String refused = child.call("roundtrip", "fifo:" + fifo);
            assertTrue(refused.startsWith(ChannelException.class.getName() + ": cannot lock " + fifo), refused);
        }
    }
}
