package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Consumers that fail, block or interrupt their thread. */
abstract class StreamFaultsContract extends LauncherContract {
    private static final String LETTERS = "for letter in a b c d; do echo $letter; echo $letter >&2; sleep 0.02; done";

    /** Copies programs to its own streams while consumers and another thread interrupt the threads that do it. */
    static final class Interrupted {
        private Interrupted() {}

        public static void main(String[] args) throws Exception {
            Output both =
                    Output.bytes(view -> Thread.currentThread().interrupt()).and(Output.inherit());
            Command.shell(LETTERS).stdout(both).stderr(both).run();
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            CompletableFuture<Void> end = new CompletableFuture<>();
            Thread interrupter = new Thread(() -> {
                while (!end.isDone()) {
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("pm-worker"))
                            .forEach(Thread::interrupt);
                }
            });
            interrupter.start();
            Command.of("seq", "1", "20000")
                    .stdout(Output.bytes(view -> worker.complete(Thread.currentThread()))
                            .and(Output.inherit()))
                    .run();
            end.complete(null);
            interrupter.join();
            PrintStream out = System.out;
            out.print("after\n");
            out.flush();
            PrintStream err = System.err;
            err.print("after\n");
            err.flush();
        }
    }

    @Test
    @Scenario("public-stream/1")
    void interruptingConsumer_leavesTheStreamsOfTheJvm() throws Exception {
        ProcessResult result = pm.command(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-Dorg.processmanager.native=" + (isPosix() ? "on" : "off"))
                .args(
                        Runtime.version().feature() >= 24
                                ? new String[] {"--enable-native-access=ALL-UNNAMED"}
                                : new String[0])
                .args("-cp", System.getProperty("java.class.path"), Interrupted.class.getName())
                .run();
        String numbers = IntStream.rangeClosed(1, 20000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        assertEquals("a\nb\nc\nd\n" + numbers + "after\n", result.stdoutText());
        assertEquals(
                "a\nb\nc\nd\nafter\n",
                result.stderrText()
                        .lines()
                        .filter(line -> line.matches("[a-d]|after"))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    @Scenario("public-stream/1")
    void interruptingConsumer_affectsNoOtherDestination() throws Exception {
        Path file = tmp.path("file");
        ByteArrayOutputStream flags = new ByteArrayOutputStream();
        OutputStream flagged = new OutputStream() {
            @Override
            public void write(int b) {
                flags.write(Thread.currentThread().isInterrupted() ? '!' : b);
            }
        };
        try (FileChannel channel =
                FileChannel.open(tmp.path("own"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            sh(LETTERS)
                    .stdout(Output.lines(line -> Thread.currentThread().interrupt())
                            .and(Output.toFile(file))
                            .and(Output.to(flagged)))
                    .stderr(Output.to(Channels.newOutputStream(channel)))
                    .run();
            assertTrue(channel.isOpen());
            assertEquals(8, channel.size());
        }
        assertEquals("a\nb\nc\nd\n", Files.readString(file));
        assertEquals("a\nb\nc\nd\n", flags.toString(StandardCharsets.US_ASCII));
    }

    @Test
    @Scenario("public-stream/2")
    void failedConsumer_endsAProgramThatKeepsWriting() {
        IOException full = new IOException("the disk is full, says this test");
        IllegalStateException mine = new IllegalStateException("thrown by this test");
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        };
        Output failing = Output.lines(line -> {
            throw mine;
        });
        long start = System.nanoTime();
        for (Output output : List.of(Output.to(broken), failing, failing.and(Output.to(broken)))) {
            Command yes = pm.command("yes").stdout(output).timeout(LONG);
            ProcessFailedException failure = assertThrows(ProcessFailedException.class, yes::run);
            assertTrue(failure.getMessage().startsWith("a consumer of its output failed: yes"), failure::getMessage);
            assertSame(failure.getCause(), failure.result().failure().orElseThrow());
            assertEquals(EndReason.OWN_EXIT, failure.result().endReason());
            assertSignaled(Signal.PIPE, failure.result());
        }
        assertWithin(Soak.bound(Duration.ofSeconds(3)), start);
    }

    @Test
    @Scenario("public-stream/2")
    void failedConsumerOfStderr_endsItsProgramToo() {
        Command yes = sh("exec yes >&2").stderr(Output.bytes(view -> {
            throw new IllegalStateException("thrown by this test");
        }));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, yes.timeout(LONG)::run);
        assertSignaled(Signal.PIPE, failure.result());
    }

    @Test
    @Scenario("public-stream/2")
    void failedConsumerOfAPipeline_endsAllStages() {
        Pipeline pipeline = pm.command("yes").pipeTo(pm.command("cat").stdout(Output.lines(line -> {
            throw new IllegalStateException("thrown by this test");
        })));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, pipeline.timeout(LONG)::run);
        assertEquals("cat", failure.result().command().name());
        assertEquals(EndReason.OWN_EXIT, failure.stages().get(0).endReason());
    }

    @Test
    @Scenario("public-stream/3")
    void blockedConsumer_doesNotHoldBackTheFile() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Path file = tmp.path("file");
        Path log = Files.writeString(tmp.path("log"), "old\n");
        ManagedProcess process = sh("seq 1 20000; seq 1 10 >&2; read end")
                .stdin(Input.pipe())
                .stdout(Output.lines(line -> {
                            await(release);
                            lines.add(line);
                        })
                        .and(Output.toFile(file)))
                .stderr(Output.appendTo(log).and(Output.capture()))
                .start();
        Eventually.assertThat(LONG, "the files are complete", () -> size(file) == 108_894 && size(log) == 25);
        assertEquals(List.of(), lines);
        release.countDown();
        process.stdin().close();
        process.await();
        assertEquals(20_000, lines.size());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
