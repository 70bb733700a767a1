package org.processmanager.examples.app.cli.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
@Timeout(60)
class MessageCommandsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** One run of the app. */
    private record Run(int exit, byte[] bytes) {
        String out() {
            return new String(bytes, UTF_8);
        }

        List<String> lines() {
            return out().lines().toList();
        }
    }

    private Run pm(byte[] in, String... args) {
        List<String> line = new ArrayList<>(List.of("--log", "/dev/null"));
        line.addAll(List.of(args));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int exit = App.run(
                Terminal.of(new ByteArrayInputStream(in), out, new PrintStream(err, true, UTF_8)),
                line.toArray(String[]::new));
        return new Run(exit, out.toByteArray());
    }

    private Run pm(String... args) {
        return pm(new byte[0], args);
    }

    private Run assertPm(int exit, String... args) {
        Run run = pm(args);
        assertEquals(exit, run.exit(), () -> run.out() + err.toString(UTF_8));
        return run;
    }

    private CompletableFuture<Run> start(String... args) {
        CompletableFuture<Run> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.complete(pm(args)), "pm");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static Run end(CompletableFuture<Run> run) throws Exception {
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
        Run received = assertPm(0, "recv", "--count", "4", endpoint);
        byte[] withLastLineFeed = java.util.Arrays.copyOf(input, input.length + 1);
        withLastLineFeed[input.length] = '\n';
        assertArrayEquals(withLastLineFeed, received.bytes());
        assertPm(3, "recv", endpoint);
    }

    @Test
    @Scenario("channels/4")
    void whole_isOneMessageThatRawReturns() {
        String endpoint = "mapped:" + tmp.path("whole") + "?capacity=1m";
        byte[] input = new byte[100_000];
        new java.util.Random(5).nextBytes(input);
        assertEquals(0, pm(input, "send", "--stdin", "whole", endpoint).exit());
        assertArrayEquals(input, assertPm(0, "recv", "--raw", endpoint).bytes());

        assertEquals(
                2, pm(new byte[600_000], "send", "--stdin", "whole", endpoint).exit());
        byte[] longLine = ("short\n" + "x".repeat(600_000)).getBytes(UTF_8);
        assertEquals(2, pm(longLine, "send", "--stdin", "lines", endpoint).exit());
        assertTrue(err.toString(UTF_8).contains("line 2 of standard input"), err.toString(UTF_8));
        assertEquals("short\n", assertPm(0, "recv", endpoint).out());
        assertEquals(0, pm("send", "--stdin", "whole", endpoint).exit());
        assertEquals("\n", assertPm(0, "recv", endpoint).out(), "no input is an empty message");
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
        assertEquals(
                "hey\n",
                assertPm(3, "recv", "--count", "2", "--timeout", "250ms", endpoint)
                        .out());
        assertTrue(err.toString(UTF_8).contains("only 1 of 2 messages"), err.toString(UTF_8));
    }

    @Test
    void fullChannel_reportsHowManyWereSent() throws Exception {
        String endpoint = "mapped:" + tmp.path("full") + "?capacity=4k";
        Run run = assertPm(3, "send", "--count", "100", "--timeout", "50ms", "--json", endpoint, "x".repeat(1000));
        assertEquals(4, json(run.out()).get("sent").intValue(), run.out());
        assertEquals("full", json(run.out()).get("status").textValue());
        assertTrue(err.toString(UTF_8).contains("4 messages were sent before"), err.toString(UTF_8));
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
        CompletableFuture<Run> following = creates
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
        CompletableFuture<Run> sending = start("send", "--wait", "--timeout", "0s", endpoint, "here");
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
        CompletableFuture<Run> following = start("recv", "--follow", "--wait", endpoint);
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
