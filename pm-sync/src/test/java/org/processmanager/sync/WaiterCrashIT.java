package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Soak;

/** Processes that are killed at a step of waiting or counting down: the others do not wait for them. */
class WaiterCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Where a process is killed, while it runs a command. */
    enum Step {
        WRITER_WOKEN("rwlock.writer-woken", "writeOnce"),
        LATCH_COUNTED("latch.counted", "latch.countDownOnce"),
        WRITER_FLAGGED("rwlock.writer-flagged", "writeOnce"),
        READER_WOKEN("rwlock.reader-woken", "readOnce"),
        LATCH_FLAGGED("latch.flagged", "latch.await"),
        LATCH_WOKEN("latch.woken", "latch.await"),
        OWNED_LATCH_FLAGGED("owned-latch.flagged", "ownedLatch.await"),
        OWNED_LATCH_WOKEN("owned-latch.woken", "ownedLatch.await"),
        EVENT_WOKEN("event.woken", "event.awaitAuto"),
        BARRIER_WOKEN("barrier.woken", "barrier.await");

        private final String point;
        private final String command;

        Step(String point, String command) {
            this.point = point;
            this.command = command;
        }
    }

    @RegisterExtension
    final TestRegion region = new TestRegion();

    static Stream<Step> steps() {
        return Arrays.stream(Step.values()).limit(Soak.scaled(Step.values().length, 2));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void process_killedAtAStep_blocksNoOther(Step step) throws Exception {
        SharedMemory memory = region.memory();
        try (ChildJvm waiter = region.victim(step.point)) {
            switch (step) {
                case WRITER_WOKEN, WRITER_FLAGGED -> {
                    try (ReadHold hold = memory.readWriteLock("o").acquireRead()) {
                        crash(waiter, step);
                    }
                    // It had closed the lock for readers, and may have begun to write.
                    assertFree(memory.readWriteLock("o"), true);
                }
                case READER_WOKEN -> {
                    try (Hold hold = memory.readWriteLock("o").acquireWrite()) {
                        crash(waiter, step);
                    }
                    assertFree(memory.readWriteLock("o"), false);
                }
                case LATCH_COUNTED -> {
                    Threads.Running<Boolean> other = Threads.start(
                                    () -> memory.latch("o", 1).await(LONG))
                            .awaitAsleep();
                    crash(waiter, step);
                    assertTrue(other.result());
                }
                case LATCH_FLAGGED, LATCH_WOKEN -> {
                    crash(waiter, step);
                    memory.latch("o", 1).countDown();
                    assertTrue(memory.latch("o", 1).await(LONG));
                }
                case OWNED_LATCH_FLAGGED, OWNED_LATCH_WOKEN -> {
                    crash(waiter, step);
                    memory.ownedLatch("o", 1).register().countDown();
                    assertTrue(memory.ownedLatch("o", 1).await(LONG));
                }
                case EVENT_WOKEN -> {
                    crash(waiter, step);
                    memory.autoResetEvent("o").set();
                    assertTrue(memory.autoResetEvent("o").await(LONG));
                    assertFalse(memory.autoResetEvent("o").isSet());
                }
                case BARRIER_WOKEN -> {
                    crash(waiter, step);
                    SharedBarrier barrier = memory.barrier("o", 2);
                    assertThrows(BrokenBarrierException.class, () -> barrier.await(LONG));
                    barrier.reset();
                    assertEquals(0, barrier.getNumberWaiting());
                }
            }
            assertEquals(0, memory.snapshot().objects().get(0).waiters());
        }
    }

    private static void crash(ChildJvm waiter, Step step) {
        if (step == Step.BARRIER_WOKEN) {
            waiter.send(step.command, "o", 2);
        } else {
            waiter.send(step.command, "o");
        }
        CrashPoints.assertCrashed(waiter);
    }

    private static void assertFree(SharedReadWriteLock lock, boolean previousOwnerDied) throws InterruptedException {
        try (Hold hold = lock.tryAcquireWrite(LONG)) {
            assertEquals(previousOwnerDied, hold.previousOwnerDied());
            hold.markConsistent();
        }
        try (ReadHold hold = lock.tryAcquireRead(LONG)) {
            assertFalse(hold.previousOwnerDied());
        }
    }
}
