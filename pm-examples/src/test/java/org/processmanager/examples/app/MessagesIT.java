package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.Ipc;

/** {@code pm send} and {@code pm recv} against each other. */
@Timeout(180)
class MessagesIT {
    @RegisterExtension
    static final LeakCheck LEAKS = PmApp.leakCheck();

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void mapped_keepsTheMessageForAReceiver() {
        String endpoint = "mapped:" + tmp.name("kept");
        assertEquals("", pm("send", endpoint, "hällo there").assertExit(0).out());
        assertTrue(Files.exists(tmp.sharedFile("kept")), "it outlives its sender");
        assertEquals("hällo there\n", pm("recv", endpoint).assertExit(0).out());
        assertTrue(Files.exists(tmp.sharedFile("kept")), "and its receiver");
        pm("recv", endpoint).assertExit(3).complaint();
    }

    @Test
    void mapped_keepsTheOrder() {
        String endpoint = "mapped:" + tmp.path("order");
        for (String text : new String[] {"one", "", "three"}) {
            pm("send", endpoint, text).assertExit(0);
        }
        assertEquals("one\n", pm("recv", endpoint).assertExit(0).out());
        assertEquals("\n", pm("recv", endpoint).assertExit(0).out());
        assertEquals("three\n", pm("recv", "--wait", endpoint).assertExit(0).out());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void waitingReceiver_getsWhatIsSent(String scheme) throws Exception {
        String endpoint = scheme + ":" + tmp.name("wait");
        try (Running receiver = PmApp.of("recv", "--wait", endpoint).start()) {
            Eventually.assertThat(SOON, "the channel", () -> Files.exists(tmp.sharedFile("wait")));
            pm("send", endpoint, "found you").assertExit(0);
            Outcome outcome = receiver.await().assertExit(0);
            assertEquals("found you\n", outcome.out());
            assertEquals("", outcome.err());
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void waitingReceiver_staysAfterASilentSender(String scheme) throws Exception {
        String endpoint = scheme + ":" + tmp.name("again");
        pm("send", endpoint, "--timeout", "0s", "early");
        if (scheme.equals("mapped")) {
            pm("recv", endpoint).assertExit(0);
        }
        try (Running receiver = PmApp.of("recv", "--wait", endpoint).start()) {
            Eventually.assertThat(SOON, "the channel", () -> Files.exists(tmp.sharedFile("again")));
            Eventually.assertStays(Duration.ofSeconds(1), "waiting", receiver::isAlive);
            pm("send", endpoint, "late").assertExit(0);
            assertEquals("late\n", receiver.await().assertExit(0).out());
        }
    }

    @Test
    void sender_waitsForAReaderOfItsPipe() throws Exception {
        assumeFifo();
        String endpoint = "fifo:" + tmp.name("first");
        try (Running sender =
                PmApp.of("send", "--timeout", "30s", endpoint, "here I am").start()) {
            Eventually.assertStays(Duration.ofSeconds(1), "waiting", sender::isAlive);
            assertEquals(
                    "here I am\n", pm("recv", "--wait", endpoint).assertExit(0).out());
            sender.await().assertExit(0);
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void recv_withoutAChannel_is3AndCreatesNothing(String scheme) throws IOException {
        long start = System.nanoTime();
        pm("recv", scheme + ":" + tmp.name("nothing")).assertExit(3).complaint();
        pm("recv", scheme + ":" + tmp.path("nothing")).assertExit(3).complaint();
        assertTrue(System.nanoTime() - start < 20_000_000_000L);
        assertFalse(Files.exists(tmp.sharedFile("nothing")));
        try (Stream<Path> files = Files.list(tmp.directory())) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void send_withoutAReader_is3AfterItsTimeout() throws IOException {
        assumeFifo();
        long start = System.nanoTime();
        String complaint = pm("send", "--timeout", "700ms", "fifo:" + tmp.path("unread"), "text")
                .assertExit(3)
                .complaint();
        assertTrue(System.nanoTime() - start >= 700_000_000);
        assertTrue(complaint.contains("0.7 s"), complaint);
        try (Stream<Path> files = Files.list(tmp.directory())) {
            assertEquals(0, files.count());
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void foreignFile_isRefusedAndUntouched(String scheme) throws IOException {
        Path file = Files.writeString(tmp.path("foreign"), "other text\n".repeat(1000));
        String endpoint = scheme + ":" + file;
        for (Outcome outcome : new Outcome[] {
            pm("recv", endpoint), pm("recv", "--wait", endpoint), pm("send", "--timeout", "1s", endpoint, "text")
        }) {
            String complaint = outcome.assertExit(2).complaint();
            assertTrue(complaint.contains(file.toString()), complaint);
        }
        assertEquals("other text\n".repeat(1000), Files.readString(file));
    }

    @Test
    void otherFile_isRefused() {
        pm("recv", "mapped:" + tmp.directory()).assertExit(2).complaint();
        pm("recv", "/dev/null").assertExit(2).complaint();
    }

    @Test
    void longMessage_isRefused() {
        String complaint = pm("send", "mapped:" + tmp.name("small") + "?capacity=4k&max=10k", "x".repeat(100_000))
                .assertExit(2)
                .complaint();
        assertTrue(complaint.contains("100000 bytes"), complaint);
    }

    @Test
    @Scenario("public-ipc/7")
    void signalledReceiver_removesThePipeThatItMade() throws Exception {
        assumeFifo();
        Path pipe = tmp.sharedFile("terminated");
        Path other = tmp.sharedFile("hung-up");
        try (Running terminated = PmApp.of("recv", "--wait", "fifo:" + tmp.name("terminated"))
                        .asProcess()
                        .start();
                Running hungUp = PmApp.of("recv", "--wait", "fifo:" + tmp.name("hung-up"))
                        .asProcess()
                        .start()) {
            Eventually.assertThat(SOON, "the pipes", () -> Files.exists(pipe) && Files.exists(other));
            terminated.signal("TERM");
            hungUp.signal("HUP");
            assertEquals("", terminated.await().assertExit(128 + 15).err());
            assertEquals("", hungUp.await().assertExit(128 + 1).err());
            assertFalse(Files.exists(pipe));
            assertFalse(Files.exists(other));
        }
    }

    @Test
    void deletedChannel_endsAWaitingReceiver() throws Exception {
        String endpoint = "mapped:" + tmp.name("deleted");
        try (Running receiver = PmApp.of("recv", "--wait", endpoint).start()) {
            Eventually.assertThat(SOON, "the channel", () -> Files.exists(tmp.sharedFile("deleted")));
            Eventually.assertThat(SOON, "it is deleted", () -> {
                Ipc.delete(endpoint);
                return !receiver.isAlive();
            });
            receiver.await().assertExit(3).complaint();
        }
    }

    /** Through a shell, since Java cannot pass such bytes. */
    @Test
    @Scenario("public-ipc/8")
    void textThatIsNotUtf8_isRefused() throws Exception {
        String endpoint = "mapped:" + tmp.name("bytes");
        Path bad = Files.write(tmp.path("bad"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
        Path good = Files.writeString(tmp.path("good"), "\uFFFD is a character");
        assertEquals(2, sendContent(bad, endpoint));
        assertFalse(Files.exists(tmp.sharedFile("bytes")), "nothing is sent");
        assertEquals(0, sendContent(good, endpoint));
        assertEquals(
                "\uFFFD is a character\n", pm("recv", endpoint).assertExit(0).out());
    }

    private int sendContent(Path file, String endpoint) throws Exception {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "f=$1; shift; exec \"$@\" \"$(cat \"$f\")\"", "sh"));
        line.add(file.toString());
        line.addAll(PmApp.of("send", "--log", "/dev/null", endpoint).commandLine());
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(tmp.path("out").toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder.start().waitFor();
    }

    @Test
    void fifoWithoutTheNativeLayer_isRefused() throws IOException {
        for (String command : new String[] {"recv", "send"}) {
            List<String> line = new ArrayList<>(List.of(command, "fifo:" + tmp.path("portable")));
            if (command.equals("send")) {
                line.add("text");
            }
            String complaint = PmApp.of(line.toArray(String[]::new))
                    .option("-Dorg.processmanager.native=off")
                    .run()
                    .assertExit(2)
                    .complaint();
            assertTrue(complaint.contains("native layer"), complaint);
        }
        try (Stream<Path> files = Files.list(tmp.directory())) {
            assertEquals(0, files.count());
        }
    }

    static List<String> schemes() {
        return NativeLayer.available() ? List.of("mapped", "fifo") : List.of("mapped");
    }

    private static void assumeFifo() {
        Assumptions.assumeTrue(NativeLayer.available(), "no FIFO transport without the native layer");
    }
}
