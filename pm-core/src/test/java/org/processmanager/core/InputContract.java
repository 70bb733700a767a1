package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Standard input from text and from streams of the caller. */
abstract class InputContract extends LauncherContract {
    private static final int MIB = 1024 * 1024;

    /** What holds a reader until the test is over. */
    private final CountDownLatch testOver = new CountDownLatch(1);

    @AfterEach
    void letReadersGo() {
        testOver.countDown();
    }

    /** Brings nothing until the test is over. */
    private InputStream silent(CountDownLatch reading) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                reading.countDown();
                try {
                    testOver.await();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted by the library, which it must not be", e);
                }
                return -1;
            }
        };
    }

    @Test
    @Scenario("research-process/5")
    void stream_arrivesWholeAndIsLeftOpen() throws Exception {
        byte[] content = new byte[5 * MIB + 17];
        new Random(7).nextBytes(content);
        AtomicBoolean closed = new AtomicBoolean();
        InputStream stream = new ByteArrayInputStream(content) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        assertArrayEquals(
                content, pm.command("cat").stdin(Input.of(stream)).run().stdout());
        assertFalse(closed.get());
        assertEquals("", pm.command("cat").stdin(Input.of(stream)).run().stdoutText());
    }

    @Test
    @Scenario("process/4")
    void endlessStream_isReadAtTheProgramsPace() throws Exception {
        AtomicLong brought = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                brought.incrementAndGet();
                return 'y';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                brought.addAndGet(length);
                java.util.Arrays.fill(into, offset, offset + length, (byte) 'y');
                return length;
            }
        };
        ManagedProcess idle = pm.command("sleep", sleepers.argument(60))
                .stdin(Input.of(endless))
                .start();
        Eventually.assertThat(LONG, "the pipe is filled", () -> brought.get() > 32 * 1024);
        Eventually.assertStays(Duration.ofMillis(300), "the reader waits", () -> brought.get() < MIB);
        idle.stop();
        long atTheEnd = brought.get();
        Eventually.assertStays(
                Duration.ofMillis(200), "nothing more is read", () -> brought.get() <= atTheEnd + 32 * 1024);
        assertEquals(
                "y",
                pm.command("head", "-c", "1").stdin(Input.of(endless)).run().stdoutText());
    }

    @Test
    @Scenario("process/4")
    void readThatNeverReturns_holdsUpNoEnd() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        Input silent = Input.of(silent(reading));
        Command command = sh("exec 0<&-; sleep 0.3; echo done").stdin(silent);
        ProcessResult result = Eventually.assertReturns(
                Soak.bound(Duration.ofSeconds(2)),
                () -> "run() returns though a read of its input does not; " + pm.processes(),
                command::run);
        assertTrue(reading.await(LONG.toSeconds(), TimeUnit.SECONDS), "the stream is not read");
        assertEquals("done\n", result.stdoutText());
    }

    @Test
    @Scenario("process/5")
    void stop_duringBlockedRead_isBounded() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        Command command = sh("cat; echo end of file")
                .stdin(Input.of(silent(reading)))
                .stdout(Output.capture())
                .stopPolicy(PATIENT);
        ManagedProcess cat = Eventually.assertReturns(
                LONG, () -> "start() returns though a read of the input does not", command::start);
        assertTrue(reading.await(LONG.toSeconds(), TimeUnit.SECONDS), "the stream is not read");
        StopReport report =
                Eventually.assertReturns(LONG, () -> "stop() returns though a read does not; " + cat, cat::stop);
        ProcessResult result = cat.await(LONG).orElseThrow(() -> new AssertionError("it is still running: " + cat));
        assertEquals("end of file\n", result.stdoutText(), () -> report + " of " + result);
        assertEquals(EndReason.TERMINATED, result.endReason());
    }

    @Test
    void throwingStream_endsInputAndFailsRun() throws Exception {
        IOException broken = new IOException("the stream is broken, says this test");
        InputStream half = new InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'x';
                }
                throw broken;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }
        };
        Command cat = pm.command("cat").stdin(Input.of(half));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, cat::run);
        assertSame(broken, failure.getCause());
        assertTrue(failure.getMessage().contains("standard input"), failure::getMessage);
        assertEquals("xxx", failure.result().stdoutText());
        assertEquals("", cat.acceptAnyExit().run().stdoutText());
    }

    @Test
    void stdin_ofAFedStream_isRefused() throws Exception {
        ManagedProcess cat =
                pm.command("cat").stdin(Input.of(InputStream.nullInputStream())).start();
        assertThrows(IllegalStateException.class, cat::stdin);
        assertTrue(cat.await().status().isExit(0));
    }

    @Test
    @Scenario("process/6")
    void text_isWrittenInTheCharsetOfTheCommand() throws Exception {
        Command cat = pm.command("cat").stdin(Input.of("café €\n"));
        byte[] latin9 = {'c', 'a', 'f', (byte) 0xe9, ' ', (byte) 0xa4, '\n'};
        assertArrayEquals(
                latin9,
                cat.charset(java.nio.charset.Charset.forName("ISO-8859-15"))
                        .run()
                        .stdout());
        assertArrayEquals(
                "café €\n".getBytes(StandardCharsets.UTF_16LE),
                cat.charset(StandardCharsets.UTF_16LE).run().stdout());
    }

    @Test
    @Scenario("process/11")
    void unencodableText_isRefusedBeforeStart() {
        Path started = tmp.path("started");
        Command command =
                pm.command("touch", started.toString()).stdin(Input.of("é")).charset(StandardCharsets.US_ASCII);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, command::run);
        assertTrue(refused.getMessage().contains("US-ASCII"), refused::getMessage);
        assertThrows(IllegalArgumentException.class, command::start);
        assertTrue(Files.notExists(started));
        assertEquals(List.of(), pm.processes());
    }

    @Test
    void rangeOfAFile_arrivesAlone() throws Exception {
        byte[] content = new byte[MIB];
        new Random(9).nextBytes(content);
        Path file = Files.write(tmp.path("content"), content);
        Command cat = pm.command("cat");
        byte[] middle = java.util.Arrays.copyOfRange(content, 1000, 900_000);
        Command ranged = cat.stdin(Input.of(file, 1000, 899_000));
        assertArrayEquals(middle, ranged.run().stdout());
        assertArrayEquals(middle, ranged.run().stdout());
        byte[] rest = java.util.Arrays.copyOfRange(content, MIB - 10, MIB);
        assertArrayEquals(rest, cat.stdin(Input.of(file, MIB - 10, 100)).run().stdout());
        assertArrayEquals(
                new byte[0], cat.stdin(Input.of(file, 2 * MIB, 5)).run().stdout());
        assertArrayEquals(new byte[0], cat.stdin(Input.of(file, 0, 0)).run().stdout());
    }

    @Test
    void rangeThatIsNotReadWhole_isClosed() throws Exception {
        Path file = Files.write(tmp.path("content"), new byte[5 * MIB]);
        pm.command("head", "-c", "1").stdin(Input.of(file, 0, 5 * MIB)).run();
        Eventually.assertThat(LONG, "the file is closed", () -> openFiles(file) == 0);
    }

    private static long openFiles(Path file) {
        long count = 0;
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    count += Files.readSymbolicLink(descriptor).equals(file) ? 1 : 0;
                } catch (IOException e) {
                    // closed since
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return count;
    }

    @Test
    void rangeOfNoRegularFile_isRefused() throws Exception {
        Path missing = tmp.path("missing");
        Path directory = Files.createDirectory(tmp.path("directory"));
        for (Path file : List.of(missing, directory)) {
            Command cat = pm.command("cat").stdin(Input.of(file, 0, 1));
            LaunchException thrown = LaunchFailures.assertFails(LaunchException.Reason.BAD_STREAM_FILE, cat::run);
            assertTrue(thrown.getMessage().contains(file.toString()), thrown::getMessage);
        }
        assertThrows(IllegalArgumentException.class, () -> Input.of(missing, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> Input.of(missing, 0, -1));
    }

    @Test
    void descriptor_isReadByTheProgramItself() throws Exception {
        Path file = Files.writeString(tmp.path("content"), "from a descriptor");
        assertEquals(
                "from a descriptor",
                pm.command("cat").stdin(Input.of(Inheritable.named(file))).run().stdoutText());
        Command cat = pm.command("cat").stdin(Input.of(Inheritable.opened(file)));
        if (!isPosix()) {
            String refused =
                    assertThrows(UnsupportedOperationException.class, cat::run).getMessage();
            assertTrue(refused.startsWith("stdin from a descriptor cannot be had"), refused);
            return;
        }
        assertEquals("from a descriptor", cat.run().stdoutText());
        assertEquals("from a descriptor", cat.run().stdoutText());
        assertEquals(0, openFiles(file));
        String link = pm.command("readlink", "/proc/self/fd/0")
                .stdin(Input.of(Inheritable.opened(file)))
                .run()
                .stdoutText();
        assertEquals(file + "\n", link);
    }

    @Test
    void descriptorThatCannotBeOpened_failsTheLaunch() {
        Command cat = pm.command("cat").stdin(Input.of(Inheritable.opened(tmp.path("missing"))));
        if (isPosix()) {
            LaunchException thrown = assertThrows(LaunchException.class, cat::run);
            assertTrue(thrown.getMessage().startsWith("cannot pass its standard input to cat"), thrown::getMessage);
        } else {
            assertThrows(UnsupportedOperationException.class, cat::run);
        }
        assertEquals(List.of(), pm.processes());
    }

    @Test
    void textForACharsetThatOnlyDecodes_isRefused() {
        Command command = pm.command("cat")
                .charset(java.nio.charset.Charset.forName("x-JISAutoDetect"))
                .stdin(Input.of("x"));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, command::run);
        assertTrue(refused.getMessage().contains("x-JISAutoDetect"), refused::getMessage);
    }
}
