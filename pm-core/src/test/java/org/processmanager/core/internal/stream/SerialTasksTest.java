package org.processmanager.core.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

class SerialTasksTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService pool = Threads.workers(TimeUnit.MILLISECONDS.toNanos(5));
    private final SerialTasks tasks = new SerialTasks(pool);

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    private Thread run() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        tasks.execute(() -> thread.complete(Thread.currentThread()));
        return thread.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void interruptStatus_doesNotReachTheNextTask() throws Exception {
        List<Boolean> interrupted = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.execute(() -> {
                interrupted.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
            });
        }
        run();
        assertEquals(List.of(false, false, false), interrupted);
    }

    @Test
    void interruptStatusOfTheCaller_isPreserved() {
        SerialTasks own = new SerialTasks(Runnable::run);
        Thread.currentThread().interrupt();
        own.execute(() -> assertFalse(Thread.currentThread().isInterrupted()));
        assertTrue(Thread.interrupted());
    }

    @Test
    @Scenario("public-stream/4")
    void pipedReader_isPatientWhileTheStreamIsOpen() throws Exception {
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out);
        Sink sink = ConsumerSink.ofStream("test", tasks, out);
        sink.accept(ByteBuffer.wrap(new byte[] {'a'}));
        assertEquals('a', in.read());
        Thread writer = run();
        CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> {
            try {
                return in.read();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Eventually.assertStays(Duration.ofMillis(200), "its writer lives", writer::isAlive);
        sink.accept(ByteBuffer.wrap(new byte[] {'b'}));
        assertEquals('b', next.get(LONG.toSeconds(), TimeUnit.SECONDS));
        Thread last = run();
        sink.end(() -> {});
        Eventually.assertThat(LONG, "the threads end", () -> !writer.isAlive() && !last.isAlive());
    }

    @Test
    @Scenario("public-stream/4")
    void abandonedSink_releasesItsThread() throws Exception {
        Sink first = ConsumerSink.ofBytes("test", tasks, view -> {});
        Sink second = ConsumerSink.ofBytes("test", tasks, view -> {});
        Thread thread = run();
        first.abandon();
        first.end(() -> {});
        Thread last = run();
        Eventually.assertStays(Duration.ofMillis(50), "the other sink keeps it", last::isAlive);
        second.abandon();
        Eventually.assertThat(LONG, "the threads end", () -> !thread.isAlive() && !last.isAlive());
    }
}
