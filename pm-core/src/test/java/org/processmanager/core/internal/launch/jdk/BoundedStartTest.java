package org.processmanager.core.internal.launch.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.fixtures.Scenario;

@Timeout(180)
class BoundedStartTest {
    private static final LaunchSpec SPEC = new LaunchSpec(List.of("sleep", "60"));

    @Test
    @Scenario("public-launch/8")
    void startThatHangs_throwsAtTheTimeoutAndKillsLater() throws Exception {
        CountDownLatch fork = new CountDownLatch(1);
        CompletableFuture<Process> late = new CompletableFuture<>();
        long start = System.nanoTime();
        LaunchException failure = assertThrows(
                LaunchException.class,
                () -> BoundedStart.start(SPEC.withTimes(Duration.ofMillis(100), SPEC.streamGrace()), () -> {
                    Process process = new ProcessBuilder(SPEC.commandLine()).start();
                    fork.await(); // as the JDK waits for the pipe that a fork holds
                    late.complete(process);
                    return process;
                }));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("cannot start sleep: "), failure::toString);
        fork.countDown();
        assertEquals(128 + 9, late.get().onExit().get(60, TimeUnit.SECONDS).exitValue());
    }

    @Test
    void failureOfTheStart_isThrownAsItIs() {
        IOException failure = new IOException("error=2");
        for (LaunchSpec spec : List.of(SPEC, SPEC.withTimes(Duration.ofSeconds(20), SPEC.streamGrace()))) {
            assertSame(
                    failure,
                    assertThrows(
                            IOException.class,
                            () -> BoundedStart.start(spec, () -> {
                                throw failure;
                            })));
        }
    }
}
