package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;

/** Output that is logged, prefixed, cut at carriage returns, or read by the caller. */
abstract class OutputFormsContract extends LauncherContract {
    /** Remembers what was logged from INFO upwards. */
    @SuppressWarnings("serial")
    private static final class ListLogger extends AbstractLogger {
        final List<String> entries = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected String getFullyQualifiedCallerName() {
            return ListLogger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable failure) {
            entries.add(level + " " + message);
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return true;
        }
    }

    @Test
    void log_getsEachLineAtItsLevel() throws Exception {
        ListLogger logger = new ListLogger();
        sh("echo 'a {} b'; echo warning >&2; echo; echo last")
                .stdout(Output.log(logger, Level.INFO))
                .stderr(Output.log(logger, Level.WARN))
                .run();
        assertEquals(
                List.of("INFO a {} b", "INFO ", "INFO last"),
                logger.entries.stream()
                        .filter(entry -> entry.startsWith("INFO"))
                        .toList());
        assertTrue(logger.entries.contains("WARN warning"), logger.entries::toString);
        Logger same = logger;
        sh("echo hidden").stdout(Output.log(same, Level.DEBUG)).run();
        assertEquals(4, logger.entries.size());
    }

    @Test
    void prefixedLines_areWrittenWhole() throws Exception {
        List<String> writes = Collections.synchronizedList(new ArrayList<>());
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        };
        sh("printf 'one\\n\\ntw'; sleep 0.05; printf 'o\\r\\nthree'")
                .stdout(Output.prefixed("web | ", out))
                .run();
        assertEquals(List.of("web | one\n", "web | \n", "web | two\n", "web | three\n"), writes);
    }

    @Test
    void prefixedLines_canHaveTheTime() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pm.command("echo", "hello")
                .stdout(Output.prefixed("# ", DateTimeFormatter.ISO_LOCAL_DATE, out))
                .run();
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.matches("\\d{4}-\\d\\d-\\d\\d # hello\n"), text);
    }

    @Test
    void prefixedLines_keepTheirCharset() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        sh("printf '\\351\\n'")
                .stdout(Output.prefixed("> ", out).charset(StandardCharsets.ISO_8859_1))
                .run();
        assertArrayEquals(new byte[] {'>', ' ', (byte) 0xe9, '\n'}, out.toByteArray());
    }

    @Test
    void failedStream_failsTheRun() {
        IOException full = new IOException("full");
        Output failing = Output.prefixed("> ", new java.io.OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw full;
            }
        });
        ProcessFailedException thrown = assertThrows(
                ProcessFailedException.class,
                () -> pm.command("echo", "x").stdout(failing).run());
        assertSame(full, thrown.getCause().getCause());
    }

    @Test
    void progress_isDeliveredAtEachCarriageReturn() throws Exception {
        CompletableFuture<Void> half = new CompletableFuture<>();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        ManagedProcess process = sh("printf '10%%\\r50%%\\r'; read go; printf '100%%\\r\\ndone\\n'")
                .stdin(Input.pipe())
                .stdout(Output.lines(
                        line -> {
                            lines.add(line);
                            if (line.equals("50%")) {
                                half.complete(null);
                            }
                        },
                        LineEnding.LF_OR_CR))
                .start();
        half.get(LONG.toSeconds(), TimeUnit.SECONDS);
        process.stdin().write('\n');
        process.await();
        assertEquals(List.of("10%", "50%", "100%", "done"), lines);
        List<String> whole = new ArrayList<>();
        sh("printf '10%%\\r50%%\\ndone\\n'").stdout(Output.lines(whole::add)).run();
        assertEquals(List.of("10%\r50%", "done"), whole);
    }

    @Test
    void pipe_isReadWhileTheProgramRuns() throws Exception {
        ManagedProcess echo =
                pm.command("cat").stdin(Input.pipe()).stdout(Output.pipe()).start();
        InputStream out = echo.stdout();
        assertSame(out, echo.stdout());
        for (String word : List.of("one", "two")) {
            echo.stdin().write(word.getBytes(StandardCharsets.US_ASCII));
            assertEquals(word, new String(out.readNBytes(3), StandardCharsets.US_ASCII));
        }
        echo.stdin().close();
        assertEquals(-1, out.read());
        assertEquals(0, echo.await().exitCode());
    }

    @Test
    void pipes_ofBothStreamsArriveWhole() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        Path file = Files.write(tmp.path("content"), content);
        ManagedProcess process = sh("cat " + file + " >&2 & cat " + file + "; wait")
                .stdout(Output.pipe())
                .stderr(Output.pipe().and(Output.tail(10)))
                .start();
        CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> readAll(process.stderr()));
        assertArrayEquals(content, process.stdout().readAllBytes());
        assertArrayEquals(content, err.get(LONG.toSeconds(), TimeUnit.SECONDS));
        ProcessResult result = process.await();
        assertEquals(10, result.stderr().length);
        assertEquals(0, result.stdout().length);
    }

    @Test
    void unreadPipe_holdsTheProgramBack() throws Exception {
        Path written = tmp.path("written");
        ManagedProcess process = sh("head -c 3000000 /dev/zero; touch " + written)
                .stdout(Output.pipe())
                .start();
        Eventually.assertStays(
                Duration.ofMillis(300), "the program waits for its reader", () -> Files.notExists(written));
        assertEquals(3_000_000, process.stdout().readAllBytes().length);
        assertEquals(0, process.await().exitCode());
    }

    @Test
    void exit_doesNotWaitForTheReader() throws Exception {
        ManagedProcess process =
                sh("head -c 280000 /dev/zero").stdout(Output.pipe()).start();
        ProcessResult result = process.await(LONG).orElseThrow();
        assertTrue(result.isSuccess(), result::toString);
        assertEquals(280_000, process.stdout().readAllBytes().length);
    }

    @Test
    void closedPipe_letsTheProgramContinue() throws Exception {
        ManagedProcess process = sh("echo first; head -c 3000000 /dev/zero; exit 5")
                .stdout(Output.pipe())
                .start();
        process.stdout().readNBytes(6);
        process.stdout().close();
        assertThrows(IOException.class, () -> process.stdout().read());
        assertEquals(5, process.await().exitCode());
        assertTrue(process.await().truncated());
    }

    @Test
    void pipe_endsWithAStopAndATimeout() throws Exception {
        ManagedProcess stopped =
                sh("echo up; exec sleep 60").stdout(Output.pipe()).start();
        assertEquals("up\n", new String(stopped.stdout().readNBytes(3), StandardCharsets.US_ASCII));
        stopped.stop(StopPolicy.immediateKill());
        assertEquals(-1, stopped.stdout().read());
        ManagedProcess late = sh("echo up; exec sleep 60")
                .stdout(Output.pipe())
                .timeout(Duration.ofMillis(300))
                .stopPolicy(StopPolicy.immediateKill())
                .start();
        // On a busy machine the time is over before the shell has written.
        String read = new String(late.stdout().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue("up\n".startsWith(read), read);
        assertEquals(EndReason.TIMED_OUT, late.await().endReason());
    }

    @Test
    void interruptedReader_keepsItsInterruptStatus() throws Exception {
        ManagedProcess process = pm.command("sleep", "60").stdout(Output.pipe()).start();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            started.countDown();
            try {
                process.stdout().read();
                interrupted.complete(false);
            } catch (InterruptedIOException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (IOException e) {
                interrupted.completeExceptionally(e);
            }
        });
        reader.start();
        started.await();
        reader.interrupt();
        assertTrue(interrupted.get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertTrue(process.isAlive());
        process.kill();
    }

    @Test
    void pipeWithoutReader_isRefusedByRun() {
        Command command = pm.command("true").stdout(Output.pipe());
        assertThrows(IllegalStateException.class, command::run);
        assertThrows(IllegalStateException.class, () -> pm.command("true")
                .pipeTo(command.stdout(Output.discard()).stderr(Output.pipe()))
                .run());
        assertThrows(IllegalArgumentException.class, () -> Output.pipe().and(Output.pipe()));
    }

    @Test
    void streamThatIsNoPipe_isRefused() throws Exception {
        ManagedProcess process = pm.command("true").stdout(Output.inherit()).start();
        IllegalStateException thrown = assertThrows(IllegalStateException.class, process::stdout);
        assertTrue(thrown.getMessage().contains("stdout(Output.pipe())"), thrown::getMessage);
        assertThrows(IllegalStateException.class, process::stderr);
        process.await();
    }

    @Test
    void pipelineOutput_canBeRead() throws Exception {
        ManagedPipeline pipeline = sh("echo b; echo a")
                .pipeTo(pm.command("sort").stdout(Output.pipe()))
                .start();
        InputStream out = pipeline.stdout();
        assertEquals("a\nb\n", new String(out.readAllBytes(), StandardCharsets.US_ASCII));
        assertFalse(pipeline.await().failed().isPresent());
    }

    private static byte[] readAll(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
