package org.processmanager.core.internal.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.jdk.JdkStreams;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** When the portable path gives up a pipe that another process holds open: not before its reader had time to read. */
class JdkStreamsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<Runnable> readers = new ArrayList<>();
    private Process shell;
    private ProcessHandle holder;
    private JdkStreams streams;

    @BeforeEach
    void startWhatLeavesAHolderBehind() throws Exception {
        shell = new ProcessBuilder("/bin/sh", "-c", "sleep 60 2>/dev/null & echo $! >&2; exec 2>&-; echo hi; read x")
                .start();
        String pid = new String(shell.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
        holder = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        streams = streamsOf(shell);
    }

    private JdkStreams streamsOf(Process process) {
        LaunchSpec spec = LaunchSpec.quiet("sh", List.of("sh"))
                .withStreams(InputSpec.EMPTY, new OutputSpec.Tail(100, StandardCharsets.US_ASCII), OutputSpec.DISCARD);
        JdkStreams created = new JdkStreams(spec, Sinks.open(spec, Runnable::run), process, () -> {});
        readers.clear();
        created.start((what, reader) -> readers.add(reader));
        return created;
    }

    @AfterEach
    void endTheHolder() {
        shell.destroyForcibly();
        holder.destroyForcibly();
        streams.closeAll();
    }

    private void startReader() {
        Thread reader = new Thread(readers.get(0), "late reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void lookFor(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            streams.poll(false);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void endTheShell() throws Exception {
        shell.getOutputStream().close();
        shell.waitFor();
    }

    private String read() {
        return new String(streams.stdout().bytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void pipeWithLateReader_isNotGivenUpBefore() throws Exception {
        endTheShell();
        lookFor(2 * GRACE_NANOS);
        assertFalse(streams.areOver(false, false));
        assertFalse(streams.areOver(false, true));
        startReader();
        Eventually.assertThat(LONG, "it is read", () -> streams.areOver(false, false));
        assertEquals("hi\n", read());
    }

    /** A shell whose output is not read before a latch is released, as if its reader got no processor. */
    private static final class Suspended extends Process {
        private final Process shell;
        private final InputStream out;

        private Suspended(Process shell, CountDownLatch resumed) {
            this.shell = shell;
            out = new FilterInputStream(shell.getInputStream()) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    Uninterruptibles.await(resumed, LONG.toNanos());
                    return super.read(bytes, offset, length);
                }
            };
        }

        @Override
        public InputStream getInputStream() {
            return out;
        }

        @Override
        public InputStream getErrorStream() {
            return shell.getErrorStream();
        }

        @Override
        public OutputStream getOutputStream() {
            return shell.getOutputStream();
        }

        @Override
        public long pid() {
            return shell.pid();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return shell.waitFor();
        }

        @Override
        public int exitValue() {
            return shell.exitValue();
        }

        @Override
        public void destroy() {
            shell.destroy();
        }
    }

    @Test
    @Scenario("public-stream/6")
    void outputWithoutAHolder_isAwaitedAfterTheDeadline() throws Exception {
        CountDownLatch resumed = new CountDownLatch(1);
        JdkStreams suspended = streamsOf(new Suspended(shell, resumed));
        startReader();
        holder.destroyForcibly();
        endTheShell();
        Eventually.assertThat(LONG, "the holder is gone", () -> !holder.isAlive());
        long start = System.nanoTime();
        while (System.nanoTime() - start < 2 * GRACE_NANOS) {
            assertFalse(suspended.areOver(false, true));
            assertFalse(suspended.areOver(false, false));
            LockSupport.parkNanos(LOOK_NANOS);
        }
        resumed.countDown();
        Eventually.assertThat(LONG, "its end is read", () -> suspended.areOver(false, true));
        assertEquals("hi\n", new String(suspended.stdout().bytes(), StandardCharsets.US_ASCII));
    }

    @Test
    void timeWithoutAScan_doesNotCount() throws Exception {
        startReader();
        Eventually.assertThat(LONG, "it is read", () -> read().equals("hi\n"));
        endTheShell();
        lookFor(GRACE_NANOS / 5);
        LockSupport.parkNanos(2 * GRACE_NANOS); // as if all had been suspended
        assertFalse(streams.areOver(false, false));
        Eventually.assertThat(LONG, "it is given up in the end", () -> streams.areOver(false, false));
    }
}
