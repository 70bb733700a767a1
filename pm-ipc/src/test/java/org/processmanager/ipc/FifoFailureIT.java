package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
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
import org.processmanager.sync.OpenMode;

/** What a FIFO does when the system refuses something, in the JVM of an ordinary user with a small heap. */
@Timeout(180)
class FifoFailureIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Reports what happened. */
    static final class Peer implements ChildProgram {
        private static final int LONG = 14 << 20;
        private static final List<String> SCHEMES = List.of("fifo", "mapped", "unix");

        private Path directory;

        @Override
        public void register(ChildCommands commands) throws Exception {
            directory = Files.createTempDirectory("pm-fifo-");
            // Loading a class needs a descriptor too.
            for (String scheme : SCHEMES) {
                open(scheme, "loaded", OpenMode.OPEN_OR_CREATE);
                open(scheme, "missing/loaded", OpenMode.OPEN_OR_CREATE);
            }
            Files.deleteIfExists(directory.resolve("loaded"));
            new ChannelResourcesException("loaded", null);
            commands.on("descriptors", arguments -> openWithoutDescriptors());
            commands.on("close", arguments -> closeWithoutPermission());
            commands.on("memory", arguments -> receiveWithoutMemory());
            commands.on("end", arguments -> end());
        }

        private String endpoint(String name) {
            return "fifo:" + directory.resolve(name);
        }

        private String open(String scheme, String name, OpenMode mode) {
            String outcome;
            try (MessageReceiver receiver = Ipc.receiver(scheme + ":" + directory.resolve(name), mode)) {
                outcome = "open " + (receiver.snapshot().messages() == 0);
            } catch (ChannelException e) {
                outcome = e.getClass().getSimpleName();
            }
            return outcome + " " + Files.exists(directory.resolve(name));
        }

        private String openWithoutDescriptors() throws Exception {
            int limit = new File("/proc/self/fd").list().length + 20;
            List<String> line =
                    List.of("prlimit", "--pid", "" + ProcessHandle.current().pid(), "--nofile=" + limit + ":");
            // Without pipes, which are closed some time after the program was waited for.
            int exit = new ProcessBuilder(line).inheritIO().start().waitFor();
            List<InputStream> open = new ArrayList<>();
            StringJoiner outcomes = new StringJoiner(", ");
            try {
                while (exit == 0) {
                    open.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException e) {
                // none is free
            } finally {
                for (String scheme : SCHEMES) {
                    outcomes.add(open(scheme, "x", OpenMode.CREATE_NEW));
                }
                for (InputStream each : open) {
                    each.close();
                }
            }
            for (String scheme : SCHEMES) {
                outcomes.add(open(scheme, scheme, OpenMode.CREATE_NEW));
                Files.deleteIfExists(directory.resolve(scheme));
            }
            return outcomes.toString();
        }

        private String closeWithoutPermission() throws Exception {
            MessageReceiver receiver = Ipc.receiver(endpoint("kept"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
            String outcome = "closed";
            try {
                receiver.close();
            } catch (ChannelException e) {
                outcome = e.getMessage().contains("permission denied") ? "refused" : e.getMessage();
            }
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            outcome += " " + open("fifo", "kept", OpenMode.OPEN_EXISTING);
            Ipc.delete(endpoint("kept"));
            return outcome;
        }

        /** A long message and a short one in turn; the long ones do not fit in the heap. */
        private String receiveWithoutMemory() throws Exception {
            ByteBuffer large = ByteBuffer.allocateDirect(LONG);
            int arrived = 0;
            int failed = 0;
            try (MessageReceiver receiver = Ipc.receiver(endpoint("memory"));
                    MessageSender sender = Ipc.sender(endpoint("memory"))) {
                for (int i = 0; i < 8; i++) {
                    Background<Void> sending = Background.run(() -> {
                        sender.send(large);
                        sender.send(new byte[1]);
                    });
                    byte[] message = null;
                    while (message == null) {
                        try {
                            message = receiver.receive();
                        } catch (OutOfMemoryError e) {
                            failed++;
                        }
                    }
                    arrived += message.length;
                    sending.get();
                }
            }
            return failed + " failed " + arrived + " arrived";
        }

        private String end() throws Exception {
            Files.delete(directory);
            return "";
        }
    }

    @Test
    @Scenario("ipc/22")
    @Scenario("public-ipc/9")
    @Scenario("public-ipc/10")
    @Scenario("public-ipc/11")
    void refusals_areReportedAndLeaveNothing() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "FIFOs need the native layer");
        Assumptions.assumeTrue(
                org.processmanager.core.internal.posix.Files.effectiveUserId() == 0,
                "another user needs the superuser");
        try (ChildJvm child = ChildJvm.of(Peer.class)
                .options("-Xmx20m", "-XX:MaxDirectMemorySize=40m")
                .asOrdinaryUser(tmp.directory())
                .start()) {
            assertEquals(
                    "ChannelResourcesException false, ".repeat(3) + "open true false, open true true, open true false",
                    child.call("descriptors"));
            assertEquals("refused open true true", child.call("close"));

            assertEquals("8 failed 8 arrived", child.call("memory"));
            child.call("end");
        }
    }
}
