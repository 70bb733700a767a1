package org.processmanager.core.internal.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.processmanager.fixtures.Eventually;

/** When the portable path gives up a pipe that another process holds open: not before its reader had time to read. */
class JdkStreamsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
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
        LaunchSpec spec = LaunchSpec.quiet("sh", List.of("sh"))
                .withStreams(InputSpec.EMPTY, new OutputSpec.Tail(100, StandardCharsets.US_ASCII), OutputSpec.DISCARD);
        streams = new JdkStreams(Sinks.open(spec, Runnable::run), shell, () -> {});
        streams.start((what, reader) -> readers.add(reader));
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
            streams.poll();
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
        assertFalse(streams.haveEnded(false));
        assertFalse(streams.areDrained());
        startReader();
        Eventually.assertThat(LONG, "it is read", () -> {
            streams.poll();
            return streams.haveEnded(false);
        });
        assertEquals("hi\n", read());
    }

    @Test
    void timeWithoutAScan_doesNotCount() throws Exception {
        startReader();
        Eventually.assertThat(LONG, "it is read", () -> read().equals("hi\n"));
        endTheShell();
        lookFor(GRACE_NANOS / 5);
        LockSupport.parkNanos(2 * GRACE_NANOS); // as if all had been suspended
        streams.poll();
        assertFalse(streams.haveEnded(false));
        Eventually.assertThat(LONG, "it is given up in the end", () -> {
            streams.poll();
            return streams.haveEnded(false);
        });
    }
}
