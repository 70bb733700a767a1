package org.processmanager.examples.app.cli.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;
import static org.processmanager.examples.app.cli.channel.PmRun.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;

/** The options of {@code pm send} and {@code pm recv}, within this JVM. */
@Timeout(180)
class MessageCommandsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static PmRun assertPm(int exit, String... args) {
        return pm(args).assertExit(exit);
    }

    private static PmRun end(CompletableFuture<PmRun> run) throws Exception {
        return run.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    @Scenario("channels/4")
    void lines_areMessagesByteByByte() {
        String endpoint = "mapped:" + tmp.path("lines");
        byte[] input = {'a', '\r', '\n', '\n', (byte) 0xff, 0, '\n', 'e', 'n', 'd'};
        assertEquals(0, pm(input, "send", "--stdin", "lines", endpoint).exit());
        PmRun received = assertPm(0, "recv", "--count", "4", endpoint);
        byte[] withLastLineFeed = java.util.Arrays.copyOf(input, input.length + 1);
        withLastLineFeed[input.length] = '\n';
        assertArrayEquals(withLastLineFeed, received.bytes());
        assertPm(3, "recv", endpoint);
    }

    @Test
    @Scenario("channels/4")
    void whole_isOneMessageThatRawReturns() {
        String endpoint = "mapped:" + tmp.path("whole") + "?capacity=1m&max=500k";
        byte[] input = new byte[100_000];
        new java.util.Random(5).nextBytes(input);
        assertEquals(0, pm(input, "send", "--stdin", "whole", endpoint).exit());
        assertArrayEquals(input, assertPm(0, "recv", "--raw", endpoint).bytes());

        assertEquals(
                2, pm(new byte[600_000], "send", "--stdin", "whole", endpoint).exit());
        byte[] longLine = ("short\n" + "x".repeat(600_000)).getBytes(UTF_8);
        String complaint =
                pm(longLine, "send", "--stdin", "lines", endpoint).assertExit(2).err();
        assertTrue(complaint.contains("line 2 of standard input"), complaint);
        assertEquals("short\n", assertPm(0, "recv", endpoint).out());
        assertEquals(0, pm("send", "--stdin", "whole", endpoint).exit());
        assertEquals("\n", assertPm(0, "recv", endpoint).out(), "no input is an empty message");
    }

    @Test
    @Scenario("channels/4")
    void whole_ofAPipe_isRead() throws Exception {
        Path pipe = tmp.path("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (OutputStream out = new FileOutputStream(pipe.toFile())) {
                out.write(bytes("a\nb"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (InputStream in = new FileInputStream(pipe.toFile())) {
            assertArrayEquals(
                    bytes("a\nb"), MessageInput.of(in, MessageInput.Form.whole).next(99));
        }
        writing.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    @Scenario("channels/5")
    void count_isCheckedByTheReceiver() throws Exception {
        String endpoint = "mapped:" + tmp.path("count");
        JsonNode sent = json(assertPm(0, "send", "--count", "3", "-o", "json", endpoint, "hey")
                .out());
        assertEquals(3, sent.get("sent").intValue());
        assertEquals(9, sent.get("bytes").intValue());
        assertEquals("sent", sent.get("status").textValue());
        assertEquals(endpoint, sent.get("endpoint").textValue());
        assertEquals("hey\nhey\n", assertPm(0, "recv", "--count", "2", endpoint).out());
        PmRun last = assertPm(3, "recv", "--count", "2", "--timeout", "250ms", endpoint);
        assertEquals("hey\n", last.out());
        assertTrue(last.err().contains("only 1 of 2 messages"), last.err());
        assertEquals(
                List.of("endpoint,sent,bytes,status", endpoint + ",1,3,sent"),
                assertPm(0, "send", "-o", "csv", endpoint, "end").lines());
        assertPm(2, "recv", "-o", "csv", endpoint);
        assertEquals(
                "end",
                json(assertPm(0, "recv", "-o", "jsonl", endpoint).out())
                        .get("text")
                        .textValue());
    }

    @Test
    void fullChannel_reportsHowManyWereSent() throws Exception {
        String endpoint = "mapped:" + tmp.path("full") + "?capacity=4k";
        PmRun run = assertPm(3, "send", "--count", "100", "--timeout", "50ms", "--json", endpoint, "x".repeat(1000));
        assertEquals(4, json(run.out()).get("sent").intValue(), run.out());
        assertEquals("full", json(run.out()).get("status").textValue());
        assertTrue(run.err().contains("4 messages were sent before"), run.err());
    }

    @Test
    void json_isADocumentForEachMessage() throws Exception {
        String endpoint = "mapped:" + tmp.path("json");
        byte[] input = {(byte) 0xc3, (byte) 0xbc, '\n', (byte) 0xff, '\n'};
        assertEquals(0, pm(input, "send", "--stdin", "lines", endpoint).exit());
        List<String> lines = assertPm(0, "recv", "--follow", "-o", "json", "--timeout", "100ms", endpoint)
                .lines();
        assertEquals(2, lines.size());
        assertEquals("ü", json(lines.get(0)).get("text").textValue());
        assertEquals(2, json(lines.get(0)).get("bytes").intValue());
        assertEquals(1, json(lines.get(0)).get("number").intValue());
        assertArrayEquals(
                new byte[] {(byte) 0xff}, json(lines.get(1)).get("base64").binaryValue());
        assertFalse(json(lines.get(1)).has("text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?mode=queue"})
    void messageThatCannotBePrinted_isNotReceived(String mode) throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "needs a full device");
        String endpoint = "mapped:" + tmp.path("full") + mode;
        assertPm(0, "send", endpoint, "one");
        assertPm(0, "send", endpoint, "two");
        try (OutputStream out = new FileOutputStream(full.toFile())) {
            PrintStream err = new PrintStream(OutputStream.nullOutputStream());
            Terminal terminal = Terminal.of(InputStream.nullInputStream(), out, err);
            assertEquals(1, App.run(terminal, "--log", "/dev/null", "recv", "--follow", endpoint));
        }
        assertEquals("one\ntwo\n", assertPm(0, "recv", "--follow", endpoint).out());
    }

    @ParameterizedTest
    @Scenario("channels/6")
    @MethodSource("schemes")
    void follow_printsUntilTheSendersLeave(String scheme) throws Exception {
        String endpoint = scheme + ":" + tmp.path("follow");
        String kept = scheme + ":" + tmp.path("kept");
        try (MessageReceiver creator = Ipc.receiver(endpoint)) {
            creator.poll((b, o, l) -> {}, 1);
            if (!scheme.equals("mapped")) {
                creator.close(); // it removes its file: --wait creates another
            }
        }
        boolean creates = !scheme.equals("mapped");
        CompletableFuture<PmRun> following = creates
                ? start("recv", "--follow", "--wait", endpoint + "?end=whenSendersGone")
                : start("recv", "--follow", endpoint);
        try (MessageSender sender = Ipc.sender(endpoint)) {
            for (int i = 0; i < 100; i++) {
                sender.send(("message " + i).getBytes(UTF_8));
            }
        }
        assertEquals(
                IntStream.range(0, 100).mapToObj(i -> "message " + i).toList(),
                end(following).lines());
        assertEquals(0, end(following).exit());
        assertPm(3, "recv", "--follow", "--timeout", "50ms", kept);
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void sender_waitsForAReceiverWithoutLimit(String scheme) throws Exception {
        String endpoint = scheme + ":" + tmp.path("wait");
        CompletableFuture<PmRun> sending = start("send", "--wait", "--timeout", "0s", endpoint, "here");
        Eventually.assertStays(
                Duration.ofMillis(200), "waiting or kept", () -> !sending.isDone() || scheme.equals("mapped"));
        assertEquals(
                "here\n",
                assertPm(0, "recv", "--wait", "--timeout", "10s", endpoint).out());
        assertEquals(0, end(sending).exit());
    }

    @Test
    @Scenario("channels/6")
    void waitingReceiver_followsUntilTheChannelIsDeleted() throws Exception {
        String endpoint = "mapped:" + tmp.path("deleted");
        CompletableFuture<PmRun> following = start("recv", "--follow", "--wait", endpoint);
        Eventually.assertThat(SOON, "the channel", () -> Files.exists(tmp.path("deleted")));
        assertPm(0, "send", endpoint, "one");
        assertPm(0, "send", endpoint, "two");
        assertFalse(following.isDone());
        assertTrue(Ipc.delete(endpoint));
        assertEquals("one\ntwo\n", end(following).out());
        assertEquals(0, end(following).exit());
    }

    static List<String> schemes() {
        return Ipc.transports().keySet().stream()
                .filter(scheme -> List.of("fifo", "mapped", "unix").contains(scheme))
                .filter(scheme -> NativeLayer.available() || !scheme.equals("fifo"))
                .toList();
    }
}
