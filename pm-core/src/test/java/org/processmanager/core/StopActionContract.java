package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps of a stop that run code. */
abstract class StopActionContract extends LauncherContract {
    private static final StopPolicy.Step KILL = StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5));

    /** A line on standard input, as many servers have it. */
    private static final StopPolicy.Step QUIT = StopPolicy.step(
            "quit", process -> ((ManagedProcess) process).stdin().write("quit\n".getBytes()), LONG);

    private Command quittable() {
        return sh("trap '' TERM; echo ready; read line; exit 3").stdin(Input.pipe());
    }

    @Test
    void action_canAskTheProcessToExit() throws Exception {
        ManagedProcess process = startReady(quittable());
        StopReport report = process.stop(StopPolicy.of(QUIT, KILL));
        assertEquals(Optional.of(QUIT), report.effectiveStep());
        assertEquals("quit", QUIT.toString());
        assertEquals(java.util.List.of(), report.signalled());
        ProcessResult result = process.await();
        assertEquals(3, result.exitCode());
        assertEquals(EndReason.TERMINATED, result.endReason());
        assertEquals(Optional.of(report), result.stopReport());
    }

    @Test
    void actionWithoutABound_hasTheDefaultBound() throws Exception {
        StopPolicy.Step step = StopPolicy.step("quit", QUIT.action().orElseThrow());
        assertEquals(Duration.ofSeconds(5), step.bound());
        assertEquals("quit", step.toString());
        ManagedProcess process = startReady(quittable());
        StopReport report = process.stop(StopPolicy.of(step, KILL));
        assertEquals(Optional.of(step), report.effectiveStep());
        assertEquals(3, process.await().exitCode());
    }

    @Test
    void action_getsTheProcessOnce() throws Exception {
        ManagedProcess process = startReady(quittable());
        AtomicInteger calls = new AtomicInteger();
        CompletableFuture<OsProcess> given = new CompletableFuture<>();
        StopPolicy.Step step = StopPolicy.step(
                "ask",
                asked -> {
                    calls.incrementAndGet();
                    given.complete(asked);
                },
                Duration.ofMillis(200));
        long start = System.nanoTime();
        StopReport report = process.stop(StopPolicy.of(step, KILL));
        assertTrue(System.nanoTime() - start >= 200_000_000, "the step waits for its bound");
        assertSame(process, given.get());
        assertEquals(1, calls.get());
        assertEquals(Optional.of(KILL), report.effectiveStep());
    }

    @Test
    void actionThatThrows_isFollowedAtOnce() throws Exception {
        ManagedProcess process = startReady(quittable());
        StopPolicy.Step failing = StopPolicy.step(
                "ask",
                asked -> {
                    throw new IOException("thrown by this test");
                },
                Duration.ofMinutes(5));
        long start = System.nanoTime();
        StopReport report = process.stop(StopPolicy.of(failing, KILL));
        assertWithin(LONG, start);
        assertEquals(Optional.of(KILL), report.effectiveStep());
        assertTrue(report.isComplete(), report::toString);
    }

    @Test
    void actionThatBlocks_isInterruptedAtItsBound() throws Exception {
        ManagedProcess process = startReady(quittable());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        StopPolicy.Step blocking = StopPolicy.step(
                "ask",
                asked -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                    }
                },
                Duration.ofMillis(200));
        StopReport report = process.stop(StopPolicy.of(blocking, KILL));
        assertEquals(Optional.of(KILL), report.effectiveStep());
        assertTrue(interrupted.get(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void timeout_runsTheActionToo() throws Exception {
        ProcessResult result = startReady(
                        quittable().timeout(Duration.ofMillis(500)).stopPolicy(StopPolicy.of(QUIT, KILL)))
                .await();
        assertEquals(EndReason.TIMED_OUT, result.endReason());
        assertEquals(3, result.exitCode());
        assertEquals(Optional.of(QUIT), result.stopReport().flatMap(StopReport::effectiveStep));
    }

    @Test
    void closeOfTheManager_runsTheActionToo() throws Exception {
        ManagedProcess process = startReady(quittable().stopPolicy(StopPolicy.of(QUIT, KILL)));
        pm.close();
        assertEquals(3, process.await().exitCode());
    }

    @Test
    void adoptedProcess_isGivenToTheAction() throws Exception {
        ManagedProcess child = startReady(quittable());
        try (AdoptedProcess adopted = pm.adopt(child.pid())) {
            StopPolicy.Step step = StopPolicy.step(
                    "ask",
                    process -> {
                        assertSame(adopted, process);
                        child.stdin().write('\n');
                    },
                    LONG);
            StopReport report = adopted.stop(StopPolicy.of(step));
            assertEquals(Optional.of(step), report.effectiveStep());
            assertFalse(adopted.isAlive());
        }
        assertEquals(3, child.await().exitCode());
    }

    @Test
    void badStep_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> StopPolicy.step("x", process -> {}, Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> StopPolicy.Step.closeStdin(Duration.ofMillis(-1)));
        assertEquals(Optional.empty(), QUIT.signal());
        assertTrue(QUIT.action().isPresent());
    }
}
