package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** What goes in and comes out. */
abstract class StreamsContract extends LauncherContract {
    private static final int MIB = 1024 * 1024;

    @Test
    @Scenario("process/1")
    @Scenario("research-process/1")
    void grandchildHoldingThePipe_survives() throws Exception {
        long start = System.nanoTime();
        ProcessResult result = sh(sleepers.sleep(60) + " & echo hi").run();
        assertWithin(Soak.bound(Duration.ofSeconds(1)), start);
        assertEquals("hi\n", result.stdoutText());
        assertTrue(result.status().isExit(0));
        assertEquals(EndReason.OWN_EXIT, result.endReason());
        assertEquals(1, sleepers.alive().size());
        assertEquals(sleepers.alive(), result.pipeHolders());
        assertTrue(result.streamsIncomplete());
        assertTrue(result.isSuccess());
        assertFalse(result.truncated());
    }

    @Test
    void ordinaryEnd_namesNoHolders() throws Exception {
        ProcessResult result = sh("echo hi").run();
        assertEquals(List.of(), result.pipeHolders());
        assertFalse(result.streamsIncomplete());
    }

    @Test
    @Scenario("public-stream/5")
    void lateOutput_isReadWithinTheGrace() throws Exception {
        // It lives long enough for the portable path to look up its pipes on a busy machine.
        Command late = sh("(sleep 1.2; echo late; sleep 0.2; echo later) & echo early; sleep 0.8");
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        List<ManagedProcess> patient =
                List.of(late.streamGrace(LONG).start(), late.awaitEndOfStreams().start());
        PipelineResult pipeline =
                late.pipeTo(pm.command("cat").stdout(Output.lines(lines::add))).run();
        for (ManagedProcess process : patient) {
            ProcessResult whole = process.await();
            assertEquals("early\nlate\nlater\n", whole.stdoutText());
            assertFalse(whole.streamsIncomplete());
            assertEquals(List.of(), whole.pipeHolders());
        }
        assertEquals(List.of("early", "late", "later"), lines);
        assertTrue(pipeline.isSuccess());
    }

    @Test
    @Scenario("public-stream/5")
    void graceWithoutAnEnd_isBoundedByTheTimeout() throws Exception {
        tryInTime(Duration.ofMillis(400), timeout -> {
            long start = System.nanoTime();
            ProcessResult result = sh(sleepers.sleep(60) + " & echo hi >&2")
                    .awaitEndOfStreams()
                    .timeout(timeout)
                    .acceptAnyExit()
                    .run();
            assertWithin(timeout.plus(Soak.bound(Duration.ofSeconds(2))), start);
            if (!endedBefore(timeout, result)) {
                return false;
            }
            assertEquals("hi\n", result.stderrText());
            assertTrue(result.streamsIncomplete());
            assertEquals(sleepers.alive(), result.pipeHolders());
            return true;
        });
    }

    @Test
    void graceOfZero_keepsWhatTheProgramWrote() throws Exception {
        long start = System.nanoTime();
        ProcessResult result = sh(sleepers.sleep(60) + " & seq 1 20000")
                .streamGrace(Duration.ZERO)
                .run();
        assertWithin(Soak.bound(Duration.ofSeconds(1)), start);
        assertEquals(108_894, result.stdout().length);
        assertTrue(result.streamsIncomplete());
        assertThrows(IllegalArgumentException.class, () -> pm.command("true").streamGrace(Duration.ofNanos(-1)));
    }

    @Test
    @Scenario("process/3")
    @Scenario("research-process/3")
    void floodOfBothStreams_isCompleteWithoutReader() throws Exception {
        int bytes = Soak.scaled(64, 8) * MIB;
        ProcessResult result = sh("head -c " + bytes + " /dev/zero >&2; head -c " + bytes + " /dev/zero")
                .run();
        assertEquals(bytes, result.stderr().length);
        assertEquals(bytes, result.stdout().length);
        assertFalse(result.truncated());
    }

    @Test
    @Scenario("process/4")
    @Scenario("research-process/4")
    void unreadInput_isNoError() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertTrue(pm.command("true")
                    .stdin(Input.of(new byte[MIB]))
                    .run()
                    .status()
                    .isExit(0));
        }
    }

    @Test
    @Scenario("research-process/5")
    void input_arrivesWholeWhileOutputComesBack() throws Exception {
        byte[] content = new byte[5 * MIB + 17];
        new Random(7).nextBytes(content);
        assertArrayEquals(
                content, pm.command("cat").stdin(Input.of(content)).run().stdout());
        assertEquals("", pm.command("cat").run().stdoutText());
        assertEquals("", pm.command("cat").stdin(Input.of("")).run().stdoutText());
        assertEquals(
                "é\n",
                pm.command("cat")
                        .stdin(Input.of("é\n"))
                        .charset(StandardCharsets.UTF_8)
                        .run()
                        .stdoutText());
    }

    @Test
    @Scenario("research-process/5")
    void writerAndReaderInOneThread_doNotLockUp() throws Exception {
        ManagedProcess cat =
                pm.command("cat").stdin(Input.pipe()).stdout(Output.capture()).start();
        StringBuilder expected = new StringBuilder();
        try (OutputStream in = cat.stdin()) {
            in.write(new byte[128 * 1024]);
            for (int i = 0; i < 1000; i++) {
                String line = "line %08d\n".formatted(i);
                in.write(line.getBytes(StandardCharsets.US_ASCII));
                expected.append(line);
            }
        }
        String echoed = cat.await().stdoutText();
        assertEquals(128 * 1024 + expected.length(), echoed.length());
        assertTrue(echoed.endsWith(expected.toString()));
    }

    @Test
    @Scenario("process/5")
    @Scenario("research-process/6")
    void stop_endsABlockedWriterCleanly() throws Exception {
        ManagedProcess sleeper = pm.command("/bin/sh", "-c", sleepers.sleep(60) + " & wait")
                .stdin(Input.pipe())
                .start();
        CountDownLatch writing = new CountDownLatch(1);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            writing.countDown();
            try {
                sleeper.stdin().write(new byte[MIB]);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writing.await();
        assertThrows(TimeoutException.class, () -> writer.get(100, TimeUnit.MILLISECONDS));
        long start = System.nanoTime();
        sleeper.stop();
        assertWithin(Soak.bound(Duration.ofSeconds(2)), start);
        ExecutionException failure = assertThrows(ExecutionException.class, () -> writer.get(60, TimeUnit.SECONDS));
        assertTrue(failure.getMessage().contains("standard input"), failure::getMessage);
        assertEquals(List.of(), sleepers.alive());
        assertThrows(IOException.class, () -> sleeper.stdin().write(1));
    }

    @Test
    void inputOfAnEndedProcess_isAnError() throws Exception {
        ManagedProcess ended = pm.command("true").stdin(Input.pipe()).start();
        ended.await();
        assertThrows(IOException.class, () -> ended.stdin().write(1));
        ended.stdin().close();
        ended.stdin().close();
    }

    @Test
    @Scenario("process/6")
    @Scenario("research-process/9")
    void multiByteCharacters_surviveEveryBufferEdge() throws Exception {
        String text = "日本語xé\uD83D\uDE00".repeat(65_537 / 3);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        ProcessResult result = pm.command("cat")
                .stdin(Input.of(text + "\nlast"))
                .charset(StandardCharsets.UTF_8)
                .stdout(Output.lines(lines::add))
                .run();
        assertTrue(result.status().isExit(0));
        assertEquals(List.of(text, "last"), lines);
        assertEquals(
                text,
                pm.command("cat")
                        .stdin(Input.of(text))
                        .charset(StandardCharsets.UTF_8)
                        .run()
                        .stdoutText());
    }

    @Test
    @Scenario("process/6")
    @Scenario("research-process/9")
    void randomBytes_becomeTextAndNoException() throws Exception {
        byte[] noise = new byte[300_000];
        new Random(11).nextBytes(noise);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        pm.command("cat")
                .stdin(Input.of(noise))
                .charset(StandardCharsets.UTF_8)
                .stdout(Output.lines(lines::add))
                .run();
        String expected = new String(noise, StandardCharsets.UTF_8);
        assertEquals(expected.replace("\r\n", "\n"), String.join("\n", lines) + (expected.endsWith("\n") ? "\n" : ""));
    }

    @Test
    @Scenario("process/7")
    @Scenario("research-process/10")
    void tail_keepsTheLastBytesOfALot() throws Exception {
        long bytes = Soak.scaled(1000L, 20L) * MIB;
        ProcessResult result = sh("head -c " + bytes + " /dev/zero; echo end")
                .stdout(Output.tail(MIB))
                .run();
        assertEquals(MIB, result.stdout().length);
        assertTrue(result.truncated());
        assertTrue(result.stdoutText().endsWith("\0end\n"));
    }

    @Test
    @Scenario("research-process/10")
    void boundsOfHeadAndCapture_keepTheFirstBytes() throws Exception {
        Command counting = sh("i=0; while [ $i -lt 5000 ]; do echo $i; i=$((i+1)); done");
        ProcessResult head = counting.stdout(Output.head(10)).run();
        assertEquals("0\n1\n2\n3\n4\n", head.stdoutText());
        assertTrue(head.truncated());

        Command captured = counting.stdout(Output.capture(10));
        ProcessFailedException over = assertThrows(ProcessFailedException.class, captured::run);
        assertTrue(over.getMessage().contains("exceeded the bound"), over::getMessage);
        assertEquals("0\n1\n2\n3\n4\n", over.result().stdoutText());
        assertTrue(captured.acceptAnyExit().run().truncated());
        assertFalse(counting.stdout(Output.capture(100_000)).run().truncated());
    }

    @Test
    void files_areReadAndWritten() throws Exception {
        Path in = Files.writeString(tmp.path("in"), "one\n");
        Path out = Files.writeString(tmp.path("out"), "old and longer\n");
        Command copy = pm.command("cat").stdin(Input.of(in));
        copy.stdout(Output.toFile(out)).run();
        assertEquals("one\n", Files.readString(out));
        copy.stdout(Output.appendTo(out)).run();
        assertEquals("one\none\n", Files.readString(out));
        assertEquals("", copy.stdout(Output.discard()).run().stdoutText());
    }

    @Test
    void fifoAsInput_isRefusedBeforeStart() throws Exception {
        Path fifo = tmp.path("fifo");
        pm.command("mkfifo", fifo.toString()).run();
        LaunchException refused = LaunchFailures.assertFails(
                LaunchException.Reason.BAD_STREAM_FILE,
                () -> pm.command("cat").stdin(Input.of(fifo)).run());
        assertTrue(refused.getMessage().contains("FIFO"), refused::getMessage);
    }

    @Test
    void lines_arriveInOrderAndBeforeTheEnd() throws Exception {
        int rounds = Soak.scaled(500, 15);
        for (int i = 0; i < rounds; i++) {
            AtomicInteger count = new AtomicInteger();
            List<String> wrong = Collections.synchronizedList(new ArrayList<>());
            pm.command("seq", "1", "5000")
                    .stdout(Output.lines(line -> {
                        if (!line.equals(Integer.toString(count.incrementAndGet()))) {
                            wrong.add(line);
                        }
                    }))
                    .run();
            assertEquals(5000, count.get());
            assertEquals(List.of(), wrong);
        }
    }

    @Test
    void capture_isCompleteEveryTime() throws Exception {
        String expected = pm.command("seq", "1", "5000").run().stdoutText();
        assertEquals(23893, expected.length());
        for (int i = 0; i < Soak.scaled(1000, 25); i++) {
            assertEquals(expected, pm.command("seq", "1", "5000").run().stdoutText());
        }
    }

    @Test
    @Scenario("process/9")
    @Scenario("research-process/13")
    void throwingConsumer_harmsItsOwnProcessOnly() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RuntimeException bug = new RuntimeException("a consumer's mistake, made by this test");
        Command failing = pm.command("seq", "1", "100000").stdout(Output.lines(line -> {
            calls.incrementAndGet();
            throw bug;
        }));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, failing::run);
        assertSame(bug, failure.getCause());
        assertEquals(EndReason.OWN_EXIT, failure.result().endReason());
        assertEquals(1, calls.get());
        assertEquals("fine\n", pm.command("echo", "fine").run().stdoutText());
    }

    @Test
    @Scenario("process/9")
    void undeclaredException_ofConsumer_hangsNothing() throws Exception {
        IOException undeclared = new IOException("thrown by a consumer that does not declare it");
        Command failing = pm.command("seq", "1", "1000").stdout(Output.lines(line -> throwAnything(undeclared)));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, failing::run);
        assertSame(undeclared, failure.getCause());
        assertTrue(failing.start().await(LONG).isPresent());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAnything(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    @Scenario("process/9")
    @Scenario("research-process/13")
    void blockingConsumer_harmsNoOtherAndGetsAll() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        ManagedProcess slow = pm.command("seq", "1", "200000")
                .stdout(Output.lines(line -> {
                    if (lines.isEmpty()) {
                        await(release);
                    }
                    lines.add(line);
                }))
                .start();
        for (int i = 0; i < 20; i++) {
            assertEquals("fine\n", pm.command("echo", "fine").run().stdoutText());
        }
        assertEquals(List.of(), lines);
        assertTrue(slow.await(Duration.ofMillis(400)).isEmpty());
        release.countDown();
        assertTrue(slow.await().status().isExit(0));
        assertEquals(200_000, lines.size());
        assertEquals("200000", lines.get(199_999));
    }

    @Test
    @Scenario("process/9")
    void slowConsumer_getsAllThatWasWritten() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        ManagedProcess quick = pm.command("seq", "1", "20000")
                .stdout(Output.lines(line -> {
                    await(release);
                    lines.add(line);
                }))
                .start();
        Eventually.assertThat(LONG, "the program ends", () -> quick.state() == ManagedProcess.State.EXITED);
        assertTrue(quick.await(Duration.ofMillis(600)).isEmpty());
        release.countDown();
        quick.await();
        assertEquals(20_000, lines.size());
    }

    @Test
    @Scenario("process/9")
    void slowConsumer_slowsItsProgramAndFillsNoMemory() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger lines = new AtomicInteger();
        Path written = tmp.path("written");
        ManagedProcess program = sh("seq 1 1000000; touch " + written)
                .stdout(Output.lines(line -> {
                    await(release);
                    lines.incrementAndGet();
                }))
                .start();
        Eventually.assertStays(
                Duration.ofMillis(500), "the program waits for its reader", () -> Files.notExists(written));
        release.countDown();
        program.await();
        assertTrue(Files.exists(written));
        assertEquals(1_000_000, lines.get());
    }

    @Test
    void consumersOfOneProcess_neverRunTogether() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        java.util.function.Consumer<String> consumer = line -> {
            if (inside.incrementAndGet() > 1) {
                together.incrementAndGet();
            }
            Thread.yield();
            inside.decrementAndGet();
        };
        sh("for i in 1 2 3 4 5 6 7 8 9; do seq 1 100; seq 1 100 >&2; done")
                .stdout(Output.lines(consumer))
                .stderr(Output.lines(consumer))
                .run();
        assertEquals(0, together.get());
    }

    @Test
    void awaitInsideTheOwnConsumer_isRefused() throws Exception {
        CompletableFuture<ManagedProcess> self = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        ManagedProcess process = sh("echo hi; sleep 0.2")
                .stdout(Output.lines(line -> {
                    try {
                        self.join().await();
                    } catch (Exception e) {
                        thrown.complete(e);
                    }
                }))
                .start();
        self.complete(process);
        assertEquals(
                IllegalStateException.class, thrown.get(60, TimeUnit.SECONDS).getClass());
        process.await();
    }

    @Test
    @Scenario("process/9")
    void consumerThatNeverReturns_endsAtTheTimeout() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try {
            Command stuck = pm.command("seq", "20").stdout(Output.lines(line -> await(release)));
            tryInTime(Duration.ofMillis(500), timeout -> {
                Command command = stuck.timeout(timeout);
                long start = System.nanoTime();
                ManagedProcess started = command.start();
                ProcessFailedException cut = assertThrows(ProcessFailedException.class, command::run);
                List<ProcessResult> results = List.of(
                        cut.result(), started.await(), command.acceptAnyExit().run());
                assertWithin(timeout.multipliedBy(2).plus(Soak.bound(Duration.ofSeconds(2))), start);
                if (!results.stream().allMatch(result -> endedBefore(timeout, result))) {
                    return false;
                }
                String what = "the consumer of stdout had not accepted everything before the timeout of " + timeout;
                assertTrue(cut.getMessage().startsWith(what + ": seq 20"), cut::getMessage);
                for (ProcessResult result : results) {
                    assertEquals(EndReason.OWN_EXIT, result.endReason());
                    assertTrue(result.truncated());
                    assertInstanceOf(TimeoutException.class, result.failure().orElseThrow());
                    assertEquals(what, result.failure().orElseThrow().getMessage());
                }
                return true;
            });
        } finally {
            release.countDown();
        }
    }

    @Test
    void servedConsumer_doesNotFailForAHeldPipe() throws Exception {
        List<Long> taken = Collections.synchronizedList(new ArrayList<>());
        Command holding = sh(sleepers.sleep(30) + " & echo hi; echo more >&2")
                .stdout(Output.lines(line -> taken.add(System.nanoTime())))
                .stderr(Output.lines(line -> taken.add(System.nanoTime())))
                .acceptAnyExit();
        tryInTime(Duration.ofMillis(150), timeout -> {
            taken.clear();
            long start = System.nanoTime();
            ProcessResult result = holding.timeout(timeout).run();
            boolean inTime = taken.size() == 2 && taken.get(1) - start < timeout.toNanos();
            if (!endedBefore(timeout, result) || !inTime) {
                return false;
            }
            assertEquals(EndReason.OWN_EXIT, result.endReason());
            assertTrue(result.failure().isEmpty(), result.failure()::toString);
            return true;
        });
    }

    @Test
    void failureOfConsumerOrInput_isInTheResult() throws Exception {
        IllegalStateException mine = new IllegalStateException("mine");
        ProcessResult consumer = pm.command("echo", "hi")
                .stdout(Output.lines(line -> {
                    throw mine;
                }))
                .start()
                .await();
        assertSame(mine, consumer.failure().orElseThrow());
        IOException unread = new IOException("unread");
        ProcessResult input = pm.command("cat")
                .stdin(Input.of(new java.io.InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw unread;
                    }
                }))
                .start()
                .onExit()
                .get(60, TimeUnit.SECONDS);
        assertSame(unread, input.failure().orElseThrow());
        assertTrue(pm.command("true").start().await().failure().isEmpty());
    }

    @Test
    void onExit_comesAfterTheLastLineAndMayBlock() throws Exception {
        AtomicInteger lines = new AtomicInteger();
        ManagedProcess process = pm.command("sh", "-c", "read go; seq 1 1000")
                .stdin(Input.pipe())
                .stdout(Output.lines(line -> lines.incrementAndGet()))
                .start();
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Integer> seen = process.onExit().thenApply(result -> {
            await(release);
            return lines.get();
        });
        // Only now may it end: what is added to a future that is done runs in the thread that adds it.
        process.stdin().close();
        assertEquals("fine\n", pm.command("echo", "fine").start().await().stdoutText());
        release.countDown();
        assertEquals(1000, seen.get(60, TimeUnit.SECONDS));
        CompletableFuture<ProcessResult> mine = process.onExit();
        mine.cancel(false);
        assertTrue(process.onExit().get(60, TimeUnit.SECONDS).status().isExit(0));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
