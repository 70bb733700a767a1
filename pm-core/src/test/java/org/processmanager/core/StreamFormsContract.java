package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;

/** Every place where output can go to, alone and together, and what it is written in. */
abstract class StreamFormsContract extends LauncherContract {
    private static final int MIB = 1024 * 1024;

    /** A stream that remembers what was done to it. */
    private static final class Remembering extends ByteArrayOutputStream {
        final AtomicInteger flushes = new AtomicInteger();
        final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public void flush() {
            flushes.incrementAndGet();
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    @Test
    @Scenario("process/9")
    void bytes_arriveWholeAndInOrder() throws Exception {
        byte[] content = random(5 * MIB + 17);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        ProcessResult result = pm.command("cat")
                .stdin(Input.of(content))
                .stdout(Output.bytes(view -> got.writeBytes(remaining(view))))
                .run();
        assertArrayEquals(content, got.toByteArray());
        assertEquals(0, result.stdout().length);
        assertFalse(result.truncated());
    }

    @Test
    void bytes_areNotAffectedByTheConsumer() throws Exception {
        StringBuilder got = new StringBuilder();
        sh("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.01; done")
                .stdout(Output.bytes(view -> {
                    got.append(new String(remaining(view), StandardCharsets.US_ASCII));
                    view.clear().limit(0);
                    view.order(java.nio.ByteOrder.LITTLE_ENDIAN);
                }))
                .run();
        assertEquals("1\n2\n3\n4\n5\n6\n7\n8\n", got.toString());
    }

    @Test
    @Scenario("process/9")
    void slowConsumerOfBytes_slowsItsProgramAndGetsAll() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong bytes = new AtomicLong();
        Path written = tmp.path("written");
        ManagedProcess program = sh("head -c 20000000 /dev/zero; touch " + written)
                .stdout(Output.bytes(view -> {
                    await(release);
                    bytes.addAndGet(view.remaining());
                }))
                .start();
        Eventually.assertStays(
                Duration.ofMillis(300), "the program waits for its reader", () -> Files.notExists(written));
        release.countDown();
        program.await();
        assertEquals(20_000_000, bytes.get());
    }

    @Test
    @Scenario("research-process/14")
    void streamOfTheCaller_isFlushedAndLeftOpen() throws Exception {
        Remembering out = new Remembering();
        pm.command("seq", "1", "50000").stdout(Output.to(out)).run();
        assertEquals(pm.command("seq", "1", "50000").run().stdoutText(), out.toString(StandardCharsets.US_ASCII));
        assertTrue(out.flushes.get() > 0);
        assertFalse(out.closed.get());

        PipedInputStream reader = new PipedInputStream();
        try (PipedOutputStream writer = new PipedOutputStream(reader)) {
            pm.command("echo", "hi").stdout(Output.to(writer)).run();
            assertEquals("hi\n", new String(reader.readNBytes(3), StandardCharsets.US_ASCII));
            writer.write('x');
        }
        assertEquals('x', reader.read());
        assertEquals(-1, reader.read());
    }

    @Test
    @Scenario("research-process/14")
    void streamOfTheCaller_isFlushedMeanwhile() throws Exception {
        Remembering out = new Remembering();
        ManagedProcess talker = sh("echo hi; read end")
                .stdin(Input.pipe())
                .stdout(Output.to(out))
                .start();
        Eventually.assertThat(LONG, "what was said arrives flushed", () -> out.size() == 3 && out.flushes.get() > 0);
        talker.stdin().close();
        talker.await();
    }

    @Test
    @Scenario("process/9")
    void throwingStream_failsTheRun() throws Exception {
        IOException full = new IOException("the disk is full, says this test");
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        };
        Command command = sh("seq 1 100000; echo last words >&2").stdout(Output.to(broken));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, command::run);
        assertSame(full, failure.getCause());
        assertTrue(failure.getMessage().startsWith("a consumer of its output failed: "), failure::getMessage);
        assertTrue(failure.getMessage().contains("last words"), failure::getMessage);
        assertTrue(command.acceptAnyExit().run().truncated());
    }

    @Test
    void tee_givesTheSameToEachPart() throws Exception {
        String expected = pm.command("seq", "1", "60000").run().stdoutText();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Remembering stream = new Remembering();
        AtomicLong bytes = new AtomicLong();
        Path file = Files.writeString(tmp.path("copy"), "old");
        Path log = Files.writeString(tmp.path("log"), "old\n");
        ProcessResult result = pm.command("seq", "1", "60000")
                .stdout(Output.lines(lines::add)
                        .and(Output.capture())
                        .and(Output.to(stream))
                        .and(Output.bytes(view -> bytes.addAndGet(view.remaining()))
                                .and(Output.toFile(file)))
                        .and(Output.discard())
                        .and(Output.appendTo(log)))
                .run();
        assertEquals(expected, result.stdoutText());
        assertEquals(expected, String.join("\n", lines) + "\n");
        assertEquals(expected, stream.toString(StandardCharsets.US_ASCII));
        assertEquals(expected.length(), bytes.get());
        assertEquals(expected, Files.readString(file));
        assertEquals("old\n" + expected, Files.readString(log));
        assertFalse(result.truncated());
    }

    @Test
    @Scenario("process/9")
    void failedPartOfATee_harmsNoOther() throws Exception {
        IOException full = new IOException("the disk is full, says this test");
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        };
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Command command = pm.command("seq", "1", "100000")
                .stdout(Output.to(broken).and(Output.lines(lines::add)).and(Output.tail(7)));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, command::run);
        assertSame(full, failure.getCause());
        assertEquals(100_000, lines.size());
        assertEquals("100000\n", failure.result().stdoutText());
    }

    @Test
    @Scenario("process/9")
    void slowestPartOfATee_setsThePaceOfAll() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong quick = new AtomicLong();
        AtomicLong slow = new AtomicLong();
        Path written = tmp.path("written");
        ManagedProcess program = sh("head -c 20000000 /dev/zero; touch " + written)
                .stdout(Output.bytes(view -> quick.addAndGet(view.remaining()))
                        .and(Output.bytes(view -> {
                            await(release);
                            slow.addAndGet(view.remaining());
                        }))
                        .and(Output.head(10)))
                .start();
        Eventually.assertStays(
                Duration.ofMillis(300), "the program waits for its reader", () -> Files.notExists(written));
        assertTrue(quick.get() < 4 * MIB, quick::toString);
        release.countDown();
        assertEquals(10, program.await().stdout().length);
        assertEquals(20_000_000, quick.get());
        assertEquals(20_000_000, slow.get());
    }

    @Test
    void teeWithUnopenableFile_startsNothing() throws Exception {
        Path started = tmp.path("started");
        Path good = tmp.path("good");
        Command command = pm.command("touch", started.toString());
        for (Path bad : List.of(tmp.path("missing").resolve("file"), Files.createDirectory(tmp.path("directory")))) {
            Command unopened = command.stdout(Output.toFile(good).and(Output.toFile(bad)));
            LaunchException refused = LaunchFailures.assertFails(LaunchException.Reason.BAD_STREAM_FILE, unopened::run);
            assertTrue(refused.getMessage().contains(bad.toString()), refused::getMessage);
        }
        Path fifo = tmp.path("fifo");
        pm.command("mkfifo", fifo.toString()).run();
        Command toFifo = command.stderr(Output.appendTo(fifo).and(Output.capture()));
        LaunchException refused = LaunchFailures.assertFails(LaunchException.Reason.BAD_STREAM_FILE, toFifo::start);
        assertTrue(refused.getMessage().contains("FIFO"), refused::getMessage);
        assertTrue(Files.notExists(started));
    }

    @Test
    void partsThatBothKeep_areRefused() {
        Output kept = Output.lines(line -> {}).and(Output.tail(10));
        assertThrows(IllegalArgumentException.class, () -> Output.capture().and(Output.head(1)));
        assertThrows(IllegalArgumentException.class, () -> kept.and(Output.capture()));
    }

    @Test
    void inheritedPartOfATee_isCopied() throws Exception {
        List<String> layer = List.of("-Dorg.processmanager.native=" + (isPosix() ? "on" : "off"));
        ProcessResult result = Command.of(List.of(SmallJvm.commandLine(layer, Copier.class)))
                .on(pm)
                .run();
        assertEquals("out\nkept out, err\n", result.stdoutText(), result::stderrText);
        assertTrue(result.stderrText().contains("err\n"), result::stderrText);
    }

    /** Inherits and captures both streams of a program. */
    static final class Copier {
        private Copier() {}

        public static void main(String[] args) throws Exception {
            Output both = Output.inherit().and(Output.capture());
            ProcessResult result = Command.shell("echo out; echo err >&2")
                    .stdout(both)
                    .stderr(both)
                    .run();
            PrintStream out = System.out;
            out.print("kept " + result.stdoutText().strip() + ", "
                    + result.stderrText().strip() + "\n");
            out.flush();
        }
    }

    @Test
    @Scenario("process/6")
    void eachStream_hasACharsetOfItsOwn() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Command command =
                sh("printf 'caf\\351\\n'; printf 'caf\\303\\251\\n' >&2").charset(StandardCharsets.UTF_8);
        ProcessResult result = command.stdout(
                        Output.capture().and(Output.lines(lines::add)).charset(StandardCharsets.ISO_8859_1))
                .run();
        assertEquals("café\n", result.stdoutText());
        assertEquals("café\n", result.stderrText());
        assertEquals(List.of("café"), lines);

        lines.clear();
        Output latin = Output.lines(lines::add).charset(StandardCharsets.ISO_8859_1);
        Output ascii = Output.lines(lines::add).charset(StandardCharsets.US_ASCII);
        Output utf8 = Output.tail(100);
        assertEquals(
                "caf\uFFFD\n", command.stdout(latin.and(ascii).and(utf8)).run().stdoutText());
        assertEquals(List.of("café", "caf\uFFFD"), lines);
    }

    @Test
    void mergedErrors_keepTheOrderOfWriting() throws Exception {
        Command command = sh("echo 1; echo 2 >&2; echo 3; echo 4 >&2");
        ProcessResult merged = command.mergeStderr().run();
        assertEquals("1\n2\n3\n4\n", merged.stdoutText());
        assertEquals("", merged.stderrText());

        Path file = tmp.path("both");
        command.mergeStderr().stdout(Output.toFile(file)).run();
        assertEquals("1\n2\n3\n4\n", Files.readString(file));
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        command.stdout(Output.lines(lines::add)).mergeStderr().start().await();
        assertEquals(List.of("1", "2", "3", "4"), lines);
        assertEquals("", command.mergeStderr().stdout(Output.discard()).run().stdoutText());
        assertEquals(
                "2\n4\n", command.mergeStderr().stderr(Output.capture()).run().stderrText());
    }

    @Test
    void failure_hasLastLinesOfAllStreams() {
        Command command = sh("seq 1 5000; echo reason >&2; exit 3")
                .stdout(Output.lines(line -> {}))
                .stderr(Output.bytes(view -> {}));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, command::run);
        String message = failure.getMessage();
        assertTrue(message.startsWith("failed: /bin/sh -c "), message);
        assertTrue(message.contains("exit code 3"), message);
        assertTrue(message.contains("\nlast lines of stderr:\n  reason"), message);
        assertTrue(message.endsWith("\n  4998\n  4999\n  5000"), message);
        assertFalse(message.contains("4990"), message);
    }

    @Test
    @Scenario("process/1")
    void failure_namesPipeHolders() {
        Command command = sh(sleepers.sleep(60) + " & exit 4");
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, command::run);
        assertEquals(1, sleepers.alive().size());
        assertTrue(
                failure.getMessage().contains("its streams are held open by " + sleepers.alive()), failure::getMessage);
    }

    @Test
    void failureOfAnEndlessCommandLine_staysReadable() {
        Command command = sh("exit 1").arg("x".repeat(100_000));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, command::run);
        assertTrue(
                failure.getMessage().length() < 2000, () -> failure.getMessage().length() + " characters");
    }

    @Test
    void consumersOfManyProcesses_runSideBySide() throws Exception {
        int processes = 20;
        AtomicLong bytes = new AtomicLong();
        List<ManagedProcess> started = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            started.add(pm.command("head", "-c", "1000000", "/dev/zero")
                    .stdout(Output.bytes(view -> bytes.addAndGet(view.remaining())))
                    .start());
        }
        CompletableFuture<?>[] ends =
                started.stream().map(ManagedProcess::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertEquals(1_000_000L * processes, bytes.get());
    }

    private static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(7).nextBytes(content);
        return content;
    }

    private static byte[] remaining(ByteBuffer view) {
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
