package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Parking;
import org.processmanager.sync.internal.region.park.Slices;

class ParkingTest {
    private static final long LONG_NANOS = Duration.ofSeconds(20).toNanos();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ObjectType TYPE = ObjectType.of(1000, "word", 1);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region region;
    private Parking parking;
    private int word;

    @BeforeEach
    void open() {
        region = Region.open(tmp.path("region"), OpenMode.CREATE_NEW, RegionLayout.sizeFor(128));
        parking = region.parking();
        word = region.objects()
                .findOrCreate("word", TYPE, new int[0], 4, (memory, at) -> {})
                .offset();
    }

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void parking_isNativeWithNativeLayer() {
        assertEquals(NativeLayer.available(), parking.isNative());
        assertEquals(!NativeLayer.available(), parking.hasPollers());
    }

    @Test
    void await_ofOtherWord_returnsAtOnce() {
        parking.await(word, 1, LONG_NANOS);
    }

    @Test
    void await_returnsOnTimeout() {
        long start = System.nanoTime();
        parking.await(word, 0, TimeUnit.MILLISECONDS.toNanos(20));
        assertTrue(System.nanoTime() - start < SOON.toNanos());
    }

    @Test
    void await_returnsWhenWoken() throws Exception {
        CompletableFuture<Void> sleeper = sleep();
        assertFalse(sleeper.isDone());
        Words.putIntVolatile(region.memory(), word, 1);
        parking.wake(word, 1);
        sleeper.get(SOON.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Test
    void await_whenHandleIsClosed_throws() {
        CompletableFuture<Void> sleeper = sleep();
        region.close();
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> sleeper.get(SOON.toNanos(), TimeUnit.NANOSECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
        assertThrows(IllegalStateException.class, () -> parking.await(word, 0, 1));
        assertThrows(IllegalStateException.class, () -> parking.park(this, 1));
    }

    @Test
    void park_whenHandleIsClosed_throws() {
        CompletableFuture<Void> parked = start(() -> parking.park(this, LONG_NANOS));
        region.close();
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> parked.get(SOON.toNanos(), TimeUnit.NANOSECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
    }

    @Test
    void await_doesNotDelayGarbageCollection() throws Exception {
        CompletableFuture<Void> sleeper = sleep();
        CompletableFuture.runAsync(System::gc).get(SOON.toNanos(), TimeUnit.NANOSECONDS);
        assertFalse(sleeper.isDone());
        parking.wakeAll(word);
        Words.putIntVolatile(region.memory(), word, 1);
    }

    @Test
    void virtualThread_isWoken() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "needs virtual threads");
        CompletableFuture<Void> woken = new CompletableFuture<>();
        startVirtually(() -> parking.await(word, 0, LONG_NANOS), woken);
        CompletableFuture<Void> told = new CompletableFuture<>();
        startVirtually(
                () -> {
                    while (true) {
                        parking.await(word, 1, LONG_NANOS);
                    }
                },
                told);
        Words.putIntVolatile(region.memory(), word, 1);
        parking.wakeAll(word);
        woken.get(SOON.toNanos(), TimeUnit.NANOSECONDS);
        region.close();
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> told.get(SOON.toNanos(), TimeUnit.NANOSECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
    }

    @Test
    void slices_doubleUntilDeadline() {
        Slices slices = parking.slices();
        long longest = 0;
        for (int i = 0; i < 10; i++) {
            longest = slices.nextNanos(Deadline.NEVER);
        }
        assertTrue(longest > 75_000_000 && longest <= 100_000_000, "" + longest);
        assertTrue(parking.slices().nextNanos(Deadline.NEVER) <= 10_000_000);
        assertEquals(0, slices.nextNanos(Deadline.after(Duration.ZERO)));
    }

    @Test
    void slices_amongPollers_areShort() {
        assumeTrue(parking.isNative(), "a polling thread needs no wake-up");
        RegionLayout.raiseFlag(region.memory(), RegionLayout.POLLERS);
        long nanos = parking.slices().nextNanos(Deadline.NEVER);
        assertTrue(nanos <= 1_000_000, nanos + " ns");
    }

    private CompletableFuture<Void> sleep() {
        return start(() -> parking.await(word, 0, LONG_NANOS));
    }

    /** Starts a wait and comes back when its thread sleeps. */
    private static CompletableFuture<Void> start(Runnable wait) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(wait, done));
        thread.setDaemon(true);
        thread.start();
        Eventually.assertThat(SOON, "the thread sleeps", () -> isInParking(thread));
        return done;
    }

    private static void startVirtually(Runnable wait, CompletableFuture<Void> done) throws Exception {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable)
                () -> complete(wait, done));
    }

    private static void complete(Runnable wait, CompletableFuture<Void> done) {
        try {
            wait.run();
            done.complete(null);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private static boolean isInParking(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(Parking.class.getName())
                    && frame.getMethodName().matches("sleep|park|poll")) {
                return true;
            }
        }
        return false;
    }
}
