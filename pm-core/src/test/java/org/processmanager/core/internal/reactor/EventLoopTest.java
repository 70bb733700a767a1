package org.processmanager.core.internal.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.fixtures.Eventually;

@Timeout(180)
class EventLoopTest {
    private static final long MILLI = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    private EventLoop loop;
    private int[] pipe;

    @BeforeEach
    void open() {
        Assumptions.assumeTrue(NativeLayer.available(), "the native layer is off, or not for this system");
        loop = EventLoops.borrow();
        pipe = Files.pipe(true);
    }

    @AfterEach
    void close() {
        if (loop != null) {
            Files.close(pipe[0]);
            Files.close(pipe[1]);
            EventLoops.giveBack(loop);
        }
    }

    @Test
    void watch_isCalledUntilItIsCancelled() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        EventLoop.Watch watch = loop.watch(pipe[0], Poll.IN, events -> heard.incrementAndGet());
        Files.write(pipe[1], new byte[1], 1);
        driveUntil(() -> "heard of 3 times: " + heard, () -> heard.get() == 3);
        watch.pause();
        driveFor(20);
        assertEquals(3, heard.get());
        watch.resume();
        driveUntil(() -> "heard of a 4th time: " + heard, () -> heard.get() == 4);
        assertFalse(loop.isIdle());
        watch.cancel();
        watch.cancel();
        watch.resume();
        driveFor(20);
        assertEquals(4, heard.get());
        assertTrue(loop.isIdle());
    }

    @Test
    void handlerThatThrows_doesNotEndTheLoop() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        EventLoop.Watch watch = loop.watch(pipe[0], Poll.IN, events -> {
            if (heard.incrementAndGet() == 1) {
                throw new IllegalStateException("a handler's mistake, made by this test");
            }
        });
        Files.write(pipe[1], new byte[1], 1);
        driveUntil(() -> "heard of again after the handler threw: " + heard, () -> heard.get() == 2);
        watch.cancel();
    }

    @Test
    void watchCancelledInTheSameTurn_isNotCalled() throws Exception {
        int[] second = Files.pipe(true);
        List<EventLoop.Watch> watches = new ArrayList<>();
        AtomicInteger heard = new AtomicInteger();
        EventLoop.Handler cancelAll = events -> {
            heard.incrementAndGet();
            watches.forEach(EventLoop.Watch::cancel);
        };
        watches.add(loop.watch(pipe[0], Poll.IN, cancelAll));
        watches.add(loop.watch(second[0], Poll.IN, cancelAll));
        Files.write(pipe[1], new byte[1], 1);
        Files.write(second[1], new byte[1], 1);
        driveFor(20);
        assertEquals(1, heard.get());
        Files.close(second[0]);
        Files.close(second[1]);
    }

    @Test
    void timers_fireInOrderAndNotEarly() throws Exception {
        List<Integer> fired = new ArrayList<>();
        long start = System.nanoTime();
        loop.schedule(30 * MILLI, () -> fired.add(2));
        loop.schedule(10 * MILLI, () -> fired.add(1));
        EventLoop.Timer never = loop.schedule(20 * MILLI, () -> fired.add(-1));
        loop.schedule(30 * MILLI, () -> fired.add(3));
        never.cancel();
        driveUntil(() -> "3 timers fired: " + fired, () -> fired.size() == 3);
        assertEquals(List.of(1, 2, 3), fired);
        assertTrue(System.nanoTime() - start >= 30 * MILLI);
        never.cancel();
    }

    @Test
    void tasksOfOtherThreads_wakeTheDriver() throws Exception {
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    loop.execute(done::incrementAndGet);
                }
            }));
        }
        threads.forEach(Thread::start);
        driveUntil(() -> "2000 tasks were run: " + done, () -> done.get() == 2000);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void taskWithoutDriver_waitsForTheNext() throws Exception {
        AtomicInteger done = new AtomicInteger();
        loop.execute(done::incrementAndGet);
        driveUntil(() -> "the task was run: " + done, () -> done.get() == 1);
    }

    @Test
    void secondDriver_isRefused() throws Exception {
        CountDownLatch driving = new CountDownLatch(1);
        AtomicInteger end = new AtomicInteger();
        Thread driver = new Thread(() -> {
            loop.execute(driving::countDown);
            loop.drive(() -> end.get() == 1);
        });
        driver.start();
        assertTrue(driving.await(SOON.toSeconds(), TimeUnit.SECONDS), "no thread drives the loop");
        assertThrows(IllegalStateException.class, () -> loop.drive(() -> true));
        loop.execute(end::incrementAndGet);
        Eventually.assertThat(SOON, "the first driver leaves", () -> !driver.isAlive());
    }

    @Test
    void borrowedLoops_areFewAndReused() {
        List<EventLoop> borrowed = new ArrayList<>();
        // Another test may return its loop a moment after its process has exited.
        Eventually.assertThat(SOON, "7 loops can be had, and there is the one of this test", () -> {
            EventLoop next;
            while ((next = EventLoops.borrow()) != null) {
                borrowed.add(next);
            }
            return borrowed.size() >= 7;
        });
        assertEquals(7, borrowed.size());
        assertNotNull(EventLoops.shared());
        borrowed.forEach(EventLoops::giveBack);
        EventLoop again = EventLoops.borrow();
        assertTrue(borrowed.contains(again));
        EventLoops.giveBack(again);
    }

    @Test
    void interrupt_wakesADriver() throws Exception {
        AtomicInteger interrupts = new AtomicInteger();
        CountDownLatch driving = new CountDownLatch(1);
        Thread driver = new Thread(() -> {
            loop.execute(driving::countDown);
            EventLoops.drive(loop, () -> Thread.interrupted() && interrupts.incrementAndGet() == 2);
        });
        driver.start();
        assertTrue(driving.await(SOON.toSeconds(), TimeUnit.SECONDS), "no thread drives the loop");
        driver.interrupt();
        Eventually.assertThat(SOON, "it woke", () -> interrupts.get() == 1);
        driver.interrupt();
        Eventually.assertThat(SOON, "it woke again and left", () -> !driver.isAlive());
        assertEquals(2, interrupts.get());
    }

    @Test
    void driver_survivesAFailedTurn() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        driveUntil(() -> "turns after one that threw: " + turns + ", tasks run: " + ran, () -> {
            if (turns.incrementAndGet() == 1) {
                loop.execute(ran::incrementAndGet);
                throw new OutOfMemoryError("thrown by this test");
            }
            return ran.get() == 1;
        });
        assertEquals(1, ran.get());
    }

    @Test
    void manyWatches_getTheirOwnEvents() throws Exception {
        int count = 200; // the table grows twice
        Files.write(pipe[1], new byte[1], 1);
        for (int round = 0; round < 2; round++) { // the second time in places that others have left
            int[] copies = new int[count];
            int[] heard = new int[count];
            EventLoop.Watch[] watches = new EventLoop.Watch[count];
            for (int i = 0; i < count; i++) {
                int number = i;
                copies[i] = Files.duplicate(pipe[0], 0);
                watches[i] = loop.watch(copies[i], Poll.IN, events -> {
                    heard[number]++;
                    watches[number].cancel();
                    Files.close(copies[number]);
                });
            }
            driveUntil(() -> "each watch was heard of and cancelled: " + Arrays.toString(heard), loop::isIdle);
            for (int i = 0; i < count; i++) {
                assertEquals(1, heard[i], "watch " + i);
            }
        }
    }

    @Test
    void watchOfReusedDescriptor_getsNoStaleEvents() throws Exception {
        int copy = Files.duplicate(pipe[0], 0);
        int[] silent = Files.pipe(true);
        int silentCopy = Files.duplicate(silent[0], 0);
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        EventLoop.Watch[] watches = new EventLoop.Watch[2];
        EventLoop.Handler handler = events -> {
            heard.incrementAndGet();
            watches[0].cancel();
            watches[1].cancel();
            // They reuse the indexes of both; the event of the other one is handled later in this turn.
            watches[0] = loop.watch(silent[0], Poll.IN, more -> wrong.incrementAndGet());
            watches[1] = loop.watch(silentCopy, Poll.IN, more -> wrong.incrementAndGet());
        };
        watches[0] = loop.watch(pipe[0], Poll.IN, handler);
        watches[1] = loop.watch(copy, Poll.IN, handler);
        Files.write(pipe[1], new byte[1], 1);
        driveFor(20);
        watches[0].cancel();
        watches[1].cancel();
        for (int fd : new int[] {copy, silent[0], silent[1], silentCopy}) {
            Files.close(fd);
        }
        assertEquals(1, heard.get());
        assertEquals(0, wrong.get());
    }

    /** Fails after the timeout; the loop is driven by another thread, which stops then. */
    private void driveUntil(Supplier<String> what, BooleanSupplier done) throws Exception {
        AtomicBoolean givenUp = new AtomicBoolean();
        try {
            Eventually.assertReturns(SOON, what, () -> {
                loop.drive(() -> givenUp.get() || done.getAsBoolean());
                return null;
            });
        } catch (OutOfMemoryError e) {
            throw new AssertionError(
                    "the loop let its driver go: " + what.get(), e); // JUnit would end with such an error
        } finally {
            givenUp.set(true);
            loop.wakeUp();
        }
    }

    private void driveFor(long millis) throws Exception {
        boolean[] over = {false};
        loop.schedule(millis * MILLI, () -> over[0] = true);
        driveUntil(() -> "a timer of " + millis + " ms fired", () -> over[0]);
    }
}
