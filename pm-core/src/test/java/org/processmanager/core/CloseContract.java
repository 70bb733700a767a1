package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;

/** Closing a manager while other threads start processes on it. */
abstract class CloseContract extends LauncherContract {
    private static final int ROUNDS = 4;
    private static final StopPolicy SHORT = StopPolicy.of(
            StopPolicy.Step.signal(Signal.TERM, Duration.ofMillis(50)),
            StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5)));

    private interface Launch {
        void run() throws InterruptedException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() throws Exception {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void close_duringLaunches_leavesNothingRunning() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ProcessManager mine = new ProcessManager(Kind.of(getClass()).create());
            // One process each: ProcessBuilder's tree is lost where a parent is killed while it forks.
            Command stubborn = mine.command("/bin/sh", "-c", "trap '' TERM; exec " + sleepers.sleep(30))
                    .stopPolicy(SHORT);
            CountDownLatch begun = new CountDownLatch(4);
            List<Future<Throwable>> starters = new ArrayList<>();
            starters.add(threads.submit(() -> untilRefused(begun, stubborn::start)));
            starters.add(threads.submit(() -> untilRefused(begun, () -> stubborn.timeout(Duration.ofMillis(20))
                    .acceptAnyExit()
                    .run())));
            starters.add(threads.submit(
                    () -> untilRefused(begun, () -> stubborn.pipeTo(stubborn).start())));
            Command tied = isPosix() ? stubborn.dieWithParent() : stubborn;
            starters.add(threads.submit(() -> untilRefused(begun, tied::start)));
            assertTrue(begun.await(LONG.toSeconds(), TimeUnit.SECONDS));
            mine.close();
            assertEquals(List.of(), sleepers.alive());
            assertTrue(mine.openResources().isEmpty(), mine.openResources()::toString);
            for (Future<Throwable> starter : starters) {
                assertInstanceOf(IllegalStateException.class, starter.get(LONG.toSeconds(), TimeUnit.SECONDS));
            }
            assertEquals(List.of(), sleepers.alive());
        }
    }

    /** What ended it. */
    private static Throwable untilRefused(CountDownLatch begun, Launch launch) {
        while (true) {
            try {
                launch.run();
                begun.countDown();
            } catch (ProcessFailedException e) {
                // run() was stopped: what comes next is refused
                return assertThrows(IllegalStateException.class, launch::run);
            } catch (Throwable e) {
                if (!isLateStart(e)) {
                    return e;
                }
            }
        }
    }

    @Test
    void blockedLaunch_isAwaitedAndUndone() throws Exception {
        Assumptions.assumeTrue(isPosix(), "ProcessBuilder passes no descriptors on");
        for (boolean callerWaits : new boolean[] {false, true}) {
            CountDownLatch under = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Inheritable slow = () -> {
                under.countDown();
                try {
                    assertTrue(goOn.await(LONG.toSeconds(), TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return Inheritable.opened(tmp.path("file")).openForChild();
            };
            Files.writeString(tmp.path("file"), "");
            ProcessManager mine = new ProcessManager(Kind.of(getClass()).create());
            Command held = mine.command("sleep", sleepers.argument(30)).pass("slow", slow);
            Future<?> starter = threads.submit(() -> callerWaits ? held.run() : held.start());
            assertTrue(under.await(LONG.toSeconds(), TimeUnit.SECONDS));
            CompletableFuture<Void> closing = CompletableFuture.runAsync(mine::close, threads);
            Eventually.assertThat(LONG, "it is being closed", () -> refuses(mine));
            assertThrows(TimeoutException.class, () -> closing.get(200, TimeUnit.MILLISECONDS));
            goOn.countDown();
            closing.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertEquals(List.of(), sleepers.alive());
            assertTrue(mine.openResources().isEmpty(), mine.openResources()::toString);
            Throwable refused = assertThrows(
                            ExecutionException.class, () -> starter.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .getCause();
            assertInstanceOf(IllegalStateException.class, refused);
            assertTrue(refused.getMessage().contains("closed while sleep"), refused::getMessage);
        }
    }

    private static boolean refuses(ProcessManager manager) {
        try {
            manager.adopt(ProcessHandle.current().parent().orElseThrow().pid()).close();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
