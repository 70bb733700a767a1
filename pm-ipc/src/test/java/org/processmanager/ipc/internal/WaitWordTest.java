package org.processmanager.ipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;

@Timeout(180)
class WaitWordTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(10);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region region;
    private int offset;
    private WaitWord sleeper;
    private WaitWord waker;

    @BeforeEach
    void makeAWord() {
        region = Region.open(tmp.path("region"), OpenMode.CREATE_NEW, RegionLayout.sizeFor(4096));
        offset = region.memory().capacity() - 128;
        sleeper = new WaitWord(region.memory(), offset, region.parking());
        waker = new WaitWord(region.memory(), offset, region.parking());
    }

    @AfterEach
    void closeIt() {
        region.close();
    }

    private boolean isWaiting() {
        return (Words.intVolatile(region.memory(), offset) & 1) != 0;
    }

    @Test
    void sleeper_checksAfterSettingWaiting() {
        AtomicInteger checks = new AtomicInteger();
        long start = System.nanoTime();
        sleeper.sleepUnless(
                () -> {
                    assertTrue(isWaiting(), "otherwise a commit now would not wake it");
                    checks.incrementAndGet();
                    return true;
                },
                LONG_NANOS);
        assertEquals(1, checks.get());
        assertTrue(System.nanoTime() - start < LONG_NANOS, "did not sleep");
        assertFalse(isWaiting());
    }

    @Test
    void wakeBetweenCheckAndSleep_isNotLost() {
        long start = System.nanoTime();
        sleeper.sleepUnless(
                () -> {
                    waker.wakeIfWaiting(); // just after the check
                    return false;
                },
                LONG_NANOS);
        assertTrue(System.nanoTime() - start < LONG_NANOS, "did not sleep");
    }

    @Test
    void wake_endsASleep() throws Exception {
        Thread sleeping = new Thread(() -> sleeper.sleepUnless(() -> false, LONG_NANOS));
        long start = System.nanoTime();
        sleeping.start();
        Eventually.assertThat(Duration.ofSeconds(5), "it waits", this::isWaiting);
        Eventually.assertStays(Duration.ofMillis(50), "it sleeps", sleeping::isAlive);
        waker.wakeIfWaiting();
        sleeping.join();
        assertTrue(System.nanoTime() - start < LONG_NANOS);
        assertFalse(isWaiting(), "the waker clears the bit");
    }

    @Test
    void sleep_returnsAfterItsSlice() {
        long start = System.nanoTime();
        sleeper.sleepUnless(() -> false, 20_000_000);
        assertTrue(System.nanoTime() - start >= 19_000_000);
        assertFalse(isWaiting());
    }

    @Test
    void failingCheck_clearsWaiting() {
        assertThrows(
                IllegalStateException.class,
                () -> sleeper.sleepUnless(
                        () -> {
                            throw new IllegalStateException("expected");
                        },
                        LONG_NANOS));
        assertFalse(isWaiting());
    }

    @Test
    void wake_withoutSleeper_changesNothing() {
        waker.wakeIfWaiting();
        waker.wake();
        assertEquals(0, Words.intVolatile(region.memory(), offset));
    }
}
