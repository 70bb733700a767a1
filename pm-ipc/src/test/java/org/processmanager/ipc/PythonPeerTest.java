package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A program in another language, which knows the frames from {@code docs/file-formats.md}, at the other end. */
@Timeout(180)
class PythonPeerTest {
    private static final List<String> MESSAGES =
            List.of("first", "", "grüße", "x".repeat(4_064), "y".repeat(4_065), "z".repeat(100_000), "last");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Process forward(String from, Path source, String to, Path target) throws IOException {
        Assumptions.assumeTrue(hasPython(), "needs python3");
        Assumptions.assumeTrue(NativeLayer.available(), "FIFOs need the native layer");
        List<String> line = List.of(
                "python3", "src/test/resources/python/messages.py", from, source.toString(), to, target.toString());
        return new ProcessBuilder(line)
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

    @Test
    @Scenario("unix/7")
    void messagesForwardedByPython_arrive() throws Exception {
        try (MessageReceiver fifo = Ipc.receiver("fifo:" + tmp.path("b"));
                MessageReceiver unix = Ipc.receiver("unix:" + tmp.path("d"))) {
            Process toFifo = forward("unix", tmp.path("a"), "fifo", tmp.path("b"));
            Process toUnix = forward("fifo", tmp.path("c"), "unix", tmp.path("d"));
            exchange("unix:" + tmp.path("a"), fifo);
            exchange("fifo:" + tmp.path("c"), unix);
            assertEquals(0, toFifo.waitFor());
            assertEquals(0, toUnix.waitFor());
        }
    }

    private static void exchange(String there, MessageReceiver back) throws Exception {
        try (MessageSender sender = Ipc.sender(there)) {
            for (String message : MESSAGES) {
                sender.send(message, Codec.utf8());
                assertEquals(message, new String(back.receive(), UTF_8));
            }
        }
        assertNull(back.receive());
    }

    @Test
    @Scenario("channels/11")
    void laneReadByPython_keepsItsMessages() throws Exception {
        Assumptions.assumeTrue(hasPython(), "needs python3");
        String endpoint = "mapped:" + tmp.path("lane") + "?capacity=32k";
        List<String> messages = List.of("first", "", "grüße", "x".repeat(9_000), "y".repeat(16_400), "last");
        try (MessageSender sender = Ipc.sender(endpoint);
                MessageReceiver receiver = Ipc.receiver(endpoint)) {
            for (int i = 0; i < 5; i++) {
                sender.send(new byte[3_000]);
                receiver.receive();
            }
            for (String message : messages) {
                assertEquals(SendStatus.SENT, sender.offer(message, Codec.utf8()));
            }
            Process python = new ProcessBuilder(
                            "python3",
                            "src/test/resources/python/read_lane.py",
                            tmp.path("lane").toString(),
                            "7")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = python.inputReader(UTF_8)) {
                for (String message : messages) {
                    assertEquals(message, lines.readLine());
                }
                sender.send("live", Codec.utf8());
                assertEquals("live", lines.readLine());
                assertEquals(0, python.waitFor());
            } finally {
                python.destroyForcibly();
            }
            for (String message : messages) {
                assertEquals(message, receiver.receive(Codec.utf8()));
            }
        }
    }
}
