package org.processmanager.core.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.core.internal.util.VirtualThreads;
import org.processmanager.fixtures.Eventually;

class ManagedThreadsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ManagedThreads threads = ManagedThreads.create();
    private final CountDownLatch running = new CountDownLatch(1);

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void start_runsTheTaskOnAThreadOfThatName() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        ManagedThread thread =
                threads.start("worker-x", c -> seen.add(Thread.currentThread().getName()));
        Termination end = thread.join(LONG).orElseThrow();
        assertEquals(List.of("worker-x"), seen);
        assertEquals(ThreadOutcome.COMPLETED, end.outcome());
        assertTrue(threads.find("worker-x").isEmpty(), "the name is free again");
    }

    @Test
    void start_rejectsANameInUse() throws Exception {
        threads.start("twin", this::sleepLong);
        String message = assertThrows(IllegalArgumentException.class, () -> threads.start("twin", c -> {}))
                .getMessage();
        assertTrue(message.contains("twin"), message);
        threads.find("twin").orElseThrow().terminate(LONG);
        threads.start("twin", c -> {}).join(LONG).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "\u0007"})
    void start_rejectsAMalformedName(String name) {
        assertThrows(IllegalArgumentException.class, () -> threads.start(name, c -> {}));
    }

    @Test
    void start_afterClose_isRejected() {
        threads.close();
        assertThrows(IllegalStateException.class, () -> threads.start("late", c -> {}));
    }

    @Test
    void terminate_endsASleep() throws Exception {
        ManagedThread thread = threads.start("sleeper", this::sleepLong);
        running.await();
        TerminationReport report = thread.terminate(LONG);
        assertTrue(report.isTerminated());
        assertEquals(ThreadOutcome.CANCELLED, report.termination().orElseThrow().outcome());
        assertEquals("thread sleeper cancelled", report.text());
    }

    @Test
    void terminate_endsAnInterruptibleWait() throws Exception {
        ManagedThread thread = threads.start("latch", c -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        running.await();
        assertEquals(
                ThreadOutcome.CANCELLED,
                thread.terminate(LONG).termination().orElseThrow().outcome());
    }

    @Test
    void terminate_endsAnInterruptibleChannel() throws Exception {
        Pipe pipe = Pipe.open();
        ManagedThread thread = threads.start("channel", c -> {
            running.countDown();
            pipe.source().read(ByteBuffer.allocate(1));
        });
        running.await();
        assertEquals(
                ThreadOutcome.CANCELLED,
                thread.terminate(LONG).termination().orElseThrow().outcome());
        pipe.sink().close();
    }

    @Test
    void terminate_reportsWhatACleanupThrew() throws Exception {
        ManagedThread thread = threads.start("messy", c -> {
            c.onCleanup("sweep", () -> {
                throw new IllegalStateException("no broom");
            });
            running.countDown();
            c.sleep(LONG);
        });
        running.await();
        String text = thread.terminate(LONG).text();
        assertTrue(text.startsWith("thread messy cancelled; clean-up \"sweep\""), text);
        assertTrue(text.contains("no broom"), text);
    }

    @Test
    void terminate_reportsStackOfUncancellableTask() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        ManagedThread thread = threads.start("busy", c -> spin(stop));
        running.await();
        TerminationReport report = thread.terminate(Duration.ofMillis(50));
        assertFalse(report.isTerminated());
        assertTrue(report.waited().toMillis() >= 50, report.waited().toString());
        assertTrue(report.stack().stream().anyMatch(f -> f.getMethodName().equals("spin")), report.text());
        assertTrue(report.text().contains("spin"), report.text());
        stop.set(true);
        // It returned by itself: the request took no effect.
        assertEquals(ThreadOutcome.COMPLETED, thread.join(LONG).orElseThrow().outcome());
    }

    /** Says that it runs when it is inside. */
    private void spin(AtomicBoolean stop) {
        while (!stop.get()) {
            running.countDown();
            Thread.onSpinWait();
        }
    }

    /** Waits without heeding an interrupt, and leaves the processors to others. */
    private static void ignoreRequests(CountDownLatch stop) {
        boolean stopped = false;
        while (!stopped) {
            try {
                stop.await();
                stopped = true;
            } catch (InterruptedException e) {
                // not heeded
            }
        }
    }

    @Test
    void cleanups_runInReverseOrderDespiteFailures() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        ManagedThread thread = threads.start("tidy", c -> {
            c.onCleanup("first", () -> order.add("first"));
            c.onCleanup("second", () -> {
                throw new IllegalStateException("broken");
            });
            c.onCleanup(
                    "third", () -> order.add("third " + Thread.currentThread().isInterrupted()));
            c.onCleanup("popped", () -> order.add("popped")).close();
            c.onCleanup("now", () -> order.add("now")).runNow();
            running.countDown();
            c.sleep(LONG);
        });
        running.await();
        Termination end = thread.terminate(LONG).termination().orElseThrow();
        assertEquals(List.of("now", "third false", "first"), order);
        assertEquals(1, end.cleanupFailures().size());
        assertTrue(end.cleanupFailures().get(0).getMessage().contains("second"), end.toString());
    }

    @Test
    void cleanups_runBeforeTheNameIsFree() throws Exception {
        AtomicBoolean cleaned = new AtomicBoolean();
        ManagedThread thread = threads.start("order", c -> c.onCleanup("flag", () -> cleaned.set(true)));
        thread.onTermination().get(60, TimeUnit.SECONDS);
        assertTrue(cleaned.get());
        assertTrue(threads.list().isEmpty());
    }

    @Test
    void disable_delaysARequest() throws Exception {
        CountDownLatch requested = new CountDownLatch(1);
        AtomicInteger passed = new AtomicInteger();
        ManagedThread thread = threads.start("critical", c -> {
            try (var outer = c.disable();
                    var inner = c.disable()) {
                running.countDown();
                requested.await();
                c.check();
                passed.incrementAndGet();
                c.sleep(Duration.ofMillis(1));
                passed.incrementAndGet();
                inner.close();
                inner.close();
                c.check();
                passed.incrementAndGet();
            }
            c.check();
            passed.incrementAndGet();
        });
        running.await();
        assertTrue(thread.cancel());
        assertFalse(thread.cancel(), "the second request is none");
        requested.countDown();
        assertEquals(ThreadOutcome.CANCELLED, thread.join(LONG).orElseThrow().outcome());
        assertEquals(3, passed.get());
    }

    @Test
    void foreignInterrupt_isNoCancellation() throws Exception {
        Thread[] own = new Thread[1];
        ManagedThread thread = threads.start("stranger", c -> {
            own[0] = Thread.currentThread();
            running.countDown();
            c.sleep(LONG);
        });
        running.await();
        own[0].interrupt();
        Termination end = thread.join(LONG).orElseThrow();
        assertEquals(ThreadOutcome.FAILED, end.outcome());
        assertInstanceOf(InterruptedException.class, end.failure());
    }

    @Test
    void failure_isReported() throws Exception {
        ManagedThread thread = threads.start("bad", c -> {
            throw new java.io.IOException("disk");
        });
        Termination end = thread.join(LONG).orElseThrow();
        assertEquals(ThreadOutcome.FAILED, end.outcome());
        assertEquals("java.io.IOException: disk", String.valueOf(end.failure()));
    }

    @Test
    void call_reportsInterruptOfARequestAsCancelled() throws Exception {
        ManagedThread thread = threads.start(
                "caller",
                c -> c.call(() -> {
                    running.countDown();
                    return new CyclicBarrier(2).await();
                }));
        running.await();
        Termination end = thread.terminate(LONG).termination().orElseThrow();
        assertEquals(ThreadOutcome.CANCELLED, end.outcome());
        assertNull(end.failure());
    }

    @Test
    void cancellation_rejectsOtherThreads() throws Exception {
        Cancellation[] leaked = new Cancellation[1];
        ManagedThread thread = threads.start("leak", c -> {
            leaked[0] = c;
            running.countDown();
            c.sleep(LONG);
        });
        running.await();
        assertThrows(IllegalStateException.class, leaked[0]::check);
        assertFalse(leaked[0].isRequested());
        thread.cancel();
        assertTrue(leaked[0].isRequested());
    }

    @Test
    void list_hasNativeIdStateAndCpuTime() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        threads.start("b-waits", this::sleepLong);
        threads.start("a-works", c -> spin(stop));
        running.await();
        try {
            Eventually.assertThat(LONG, "the worker has used processor time and the sleeper sleeps", () -> {
                List<ThreadSnapshot> list = threads.list();
                return list.get(0).cpuTime().orElse(Duration.ZERO).toMillis() > 0
                        && list.get(0).nativeId().isPresent()
                        && list.get(1).nativeId().isPresent()
                        && list.get(1).state() == Thread.State.TIMED_WAITING;
            });
            List<ThreadSnapshot> list = threads.list();
            assertEquals(
                    List.of("a-works", "b-waits"),
                    list.stream().map(ThreadSnapshot::name).toList());
            for (ThreadSnapshot thread : list) {
                Path task = Path.of(
                        "/proc/self/task", String.valueOf(thread.nativeId().getAsLong()), "comm");
                assertEquals(thread.name(), Files.readString(task).strip(), "the kernel knows it by this number");
            }
        } finally {
            stop.set(true);
        }
    }

    @Test
    void terminateAll_boundsTheTotalWait() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            threads.start("deaf-" + i, c -> ignoreRequests(stop));
        }
        ManagedThread idle = threads.start("idle", this::sleepLong);
        running.await();
        Duration bound = Duration.ofMillis(100);
        List<TerminationReport> reports = threads.terminateAll(bound);
        stop.countDown();
        assertEquals(4, reports.size());
        List<TerminationReport> deaf =
                reports.stream().filter(r -> r.name().startsWith("deaf")).toList();
        assertTrue(deaf.stream().noneMatch(TerminationReport::isTerminated), reports::toString);
        Duration shortest = deaf.stream()
                .map(TerminationReport::waited)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        assertTrue(shortest.compareTo(bound) < 0, "the last was asked when the time was over: " + reports);
        // Whether it came to its end within the time is the scheduler's affair, that it was asked is not.
        assertEquals(ThreadOutcome.CANCELLED, idle.join(LONG).orElseThrow().outcome());
    }

    @Test
    void listener_getsStartAndEnd() throws Exception {
        List<ProcessEvent> events = Collections.synchronizedList(new ArrayList<>());
        threads.addListener(e -> {
            throw new IllegalStateException("a listener that fails affects no other");
        });
        threads.addListener(events::add);
        threads.start("observed", c -> {}).join(LONG).orElseThrow();
        threads.close();
        // close() waits for listeners, but one second at most
        Eventually.assertThat(LONG, "both events are delivered", () -> events.size() == 2);
        assertInstanceOf(ProcessEvent.ThreadStarted.class, events.get(0));
        ProcessEvent.ThreadEnded end = assertInstanceOf(ProcessEvent.ThreadEnded.class, events.get(1));
        assertEquals("observed", end.name());
        assertEquals(ProcessHandle.current().pid(), end.reporter());
    }

    @Test
    void virtualThread_worksOrIsRejected() throws Exception {
        if (!VirtualThreads.isSupported()) {
            String message = assertThrows(
                            UnsupportedOperationException.class,
                            () -> threads.start("virtual", ThreadKind.VIRTUAL, this::sleepLong))
                    .getMessage();
            assertTrue(message.contains("Java 21"), message);
            assertTrue(threads.list().isEmpty());
            return;
        }
        ManagedThread thread = threads.start("virtual", ThreadKind.VIRTUAL, this::sleepLong);
        running.await();
        ThreadSnapshot snapshot = threads.list().get(0);
        assertEquals(ThreadKind.VIRTUAL, snapshot.kind());
        assertTrue(snapshot.nativeId().isEmpty() && snapshot.cpuTime().isEmpty());
        assertEquals(
                ThreadOutcome.CANCELLED,
                thread.terminate(LONG).termination().orElseThrow().outcome());
    }

    @Test
    void disable_delaysAnUnnoticedInterrupt() throws Exception {
        CountDownLatch requested = new CountDownLatch(1);
        AtomicBoolean undisturbed = new AtomicBoolean();
        ManagedThread thread = threads.start("late", c -> {
            running.countDown();
            while (!c.isRequested()) {
                Thread.onSpinWait();
            }
            try (var section = c.disable()) {
                undisturbed.set(requested.await(20, TimeUnit.SECONDS));
            }
            c.sleep(LONG);
        });
        running.await();
        thread.cancel();
        requested.countDown();
        assertEquals(ThreadOutcome.CANCELLED, thread.join(LONG).orElseThrow().outcome());
        assertTrue(undisturbed.get());
    }

    @Test
    void cancel_racingTermination_neverFails() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            ManagedThread thread = threads.start("race", c -> {});
            thread.cancel();
            ThreadOutcome outcome = thread.join(LONG).orElseThrow().outcome();
            assertEquals(ThreadOutcome.COMPLETED, outcome);
        }
    }

    private void sleepLong(Cancellation cancellation) throws InterruptedException {
        running.countDown();
        cancellation.sleep(LONG);
    }
}
