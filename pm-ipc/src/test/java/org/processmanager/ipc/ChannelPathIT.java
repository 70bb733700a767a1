package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;

/** The path of a channel means the file of its bytes. */
class ChannelPathIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Uses channels by names that its locale cannot represent. */
    static final class User implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("use", arguments -> use(arguments.get(0), Path.of(arguments.get(1)))
                    .toString());
        }

        private static List<String> use(String scheme, Path directory) throws Exception {
            List<String> wrong = new ArrayList<>();
            for (String name : List.of("caf%E9", "%C3%BCmlaut", "%FF")) {
                Path path = Path.of(URI.create(directory.toUri() + name));
                Endpoint endpoint = Endpoint.of(scheme, path);
                try (MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.CREATE_NEW, Delivery.AT_MOST_ONCE);
                        MessageSender sender =
                                Ipc.sender(Endpoint.parse(endpoint.toString()), OpenMode.OPEN_EXISTING)) {
                    sender.send(name.getBytes(UTF_8));
                    byte[] message = receiver.receive();
                    check(wrong, name, name, message == null ? "nothing" : new String(message, UTF_8));
                    try (Stream<Path> files = Files.list(directory)) {
                        check(wrong, name, List.of(path), files.toList());
                    }
                    if (NativeLayer.available()) {
                        check(wrong, name, "found", find(endpoint));
                    }
                } catch (RuntimeException e) {
                    wrong.add(name + ": " + e);
                }
                Ipc.delete(endpoint);
                check(wrong, name, false, Files.exists(path));
            }
            return wrong;
        }

        /** Passes the channel to a program, which must find its file. */
        private static String find(Endpoint endpoint) throws InterruptedException {
            try (ProcessManager pm = ProcessManager.create()) {
                return pm.command("/bin/sh", "-c", "[ -e \"${PM_RESOURCE_CHANNEL#file:}\" ] && echo found")
                        .pass("channel", Ipc.forChild(endpoint.toString()))
                        .acceptAnyExit()
                        .run()
                        .stdoutText()
                        .strip();
            }
        }

        private static void check(List<String> wrong, String name, Object expected, Object found) {
            if (!expected.equals(found)) {
                wrong.add(name + ": " + found + " (expected: " + expected + ")");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo on", "mapped on", "mapped off"})
    @Scenario("public-launch/1")
    void channel_isTheFileOfItsBytesInAnyLocale(String kind) throws Exception {
        String scheme = kind.substring(0, kind.indexOf(' '));
        String layer = kind.substring(kind.indexOf(' ') + 1);
        assumeTrue(layer.equals("off") || NativeLayer.available());
        try (ChildJvm jvm = ChildJvm.of(User.class)
                .environment("LC_ALL", "C")
                .property("org.processmanager.native", layer)
                .start()) {
            assertEquals("[]", jvm.call("use", scheme, tmp.directory()));
        }
    }

    @Test
    void pathInAnArchive_isRefused() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(tmp.path("a.zip"), Map.of("create", "true"))) {
            new NullArguments()
                    .foreign(zip.getPath("/channel"))
                    .sample(String.class, "fifo")
                    .check(Endpoint.class, Endpoint.parse("fifo:x"))
                    .check(Ipc.class, null)
                    .assertRefused();
        }
    }
}
