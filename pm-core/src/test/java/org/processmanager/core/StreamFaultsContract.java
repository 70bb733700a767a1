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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;
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
        List<String> layer = List.of("-Dorg.processmanager.native=" + (isPosix() ? "on" : "off"));
        ProcessResult result = Command.of(List.of(SmallJvm.commandLine(layer, Interrupted.class)))
                .on(pm)
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

    @Test
    @Scenario("public-stream/9")
    void outputsToTheSameFile_areComplete() throws Exception {
        Command writer = sh("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done");
        Path file = tmp.path("file");
        Path symbolic = Files.createSymbolicLink(tmp.path("symbolic"), file);
        Path old = Files.writeString(tmp.path("old"), "old content that is longer than what follows".repeat(9));
        Path hard = Files.createLink(tmp.path("hard"), old);
        Path kept = Files.writeString(tmp.path("kept"), "kept\n");
        Output shared = Output.toFile(file);
        assertComplete(file, 10, writer.stdout(shared).stderr(shared)::run);
        assertComplete(file, 10, writer.stdout(Output.toFile(symbolic)).stderr(shared)::run);
        assertComplete(old, 10, writer.stdout(Output.toFile(old)).stderr(Output.toFile(hard))::run);
        assertComplete(old, 10, writer.stdout(Output.appendTo(old)).stderr(Output.toFile(hard))::run);
        assertComplete(kept, 11, writer.stdout(Output.appendTo(kept)).stderr(Output.appendTo(kept))::run);
        assertComplete(file, 10, writer.stdout(shared.and(Output.tail(9))).stderr(shared)::run);
        assertComplete(file, 10, writer.stdout(shared.and(Output.tail(9))).stderr(shared.and(Output.tail(9)))::run);
        Command reader = sh("cat >/dev/null; for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done");
        assertComplete(
                file, 15, writer.stderr(shared).pipeTo(reader.stdout(shared).stderr(shared))::run);
        assertComplete(file, 5, writer.stdout(shared).stderr(Output.discard())::run);
    }

    private static void assertComplete(Path file, int lines, Callable<?> run) throws Exception {
        run.call();
        assertEquals(lines, lines(file), () -> text(file));
        assertTrue(text(file).matches("(kept\n)?((out|err) [1-5]\n)*"), () -> text(file));
    }

    private static int lines(Path file) {
        return (int) text(file).lines().count();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Scenario("public-stream/9")
    void outputThatTruncatesTheInput_isRefused() throws Exception {
        Path file = Files.writeString(tmp.path("file"), "b\na\n");
        Path link = Files.createLink(tmp.path("link"), file);
        Command sort = pm.command("sort");
        for (Input input : List.of(Input.of(file), Input.of(file, 0, 4))) {
            Command command = sort.stdin(input).stdout(Output.toFile(link));
            LaunchFailures.assertFails(LaunchException.Reason.BAD_STREAM_FILE, command::run);
            LaunchFailures.assertFails(LaunchException.Reason.BAD_STREAM_FILE, () -> sort.stdin(input)
                    .pipeTo(sort.stdout(Output.toFile(link).and(Output.capture())))
                    .run());
        }
        assertEquals("b\na\n", Files.readString(file));
        pm.command("tail", "-n1")
                .stdin(Input.of(file))
                .stdout(Output.appendTo(file))
                .run();
        assertEquals("b\na\na\n", Files.readString(file));
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
