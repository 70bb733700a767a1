package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A program in another language, which knows the frames from {@code docs/file-formats.md}, at the other end. */
@Timeout(30)
class PythonPeerTest {
    private static final List<String> MESSAGES =
            List.of("first", "", "grüße", "x".repeat(4_064), "y".repeat(4_065), "z".repeat(100_000), "last");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Process start(String mode, String scheme, Path path) throws IOException {
        Assumptions.assumeTrue(hasPython(), "needs python3");
        Assumptions.assumeTrue(scheme.equals("unix") || NativeLayer.available(), "FIFOs need the native layer");
        return new ProcessBuilder("python3", "src/test/resources/python/messages.py", mode, scheme, path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static boolean hasPython() {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, "python3"))) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "unix"})
    @Scenario("unix/7")
    void messagesFromPython_arrive(String scheme) throws Exception {
        Path path = tmp.path("channel");
        try (MessageReceiver receiver = Ipc.receiver(scheme + ":" + path)) {
            Process python = start("send", scheme, path);
            try (OutputStream lines = python.getOutputStream()) {
                lines.write((String.join("\n", MESSAGES) + "\n").getBytes(UTF_8));
            }
            for (String expected : MESSAGES) {
                assertEquals(expected, new String(receiver.receive(), UTF_8));
            }
            assertNull(receiver.receive());
            assertEquals(0, python.waitFor());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "unix"})
    @Scenario("unix/7")
    void messagesToPython_arrive(String scheme) throws Exception {
        Path path = tmp.path("channel");
        Process python = start("receive", scheme, path);
        try (MessageSender sender = Ipc.sender(scheme + ":" + path)) {
            for (String message : MESSAGES) {
                sender.send(message, Codec.utf8());
            }
        }
        String lines = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertEquals(String.join("\n", MESSAGES) + "\n", lines);
        assertEquals(0, python.waitFor());
        assertFalse(Files.exists(path));
    }
}
