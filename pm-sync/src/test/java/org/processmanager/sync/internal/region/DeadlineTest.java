package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.processmanager.sync.internal.region.park.Deadline;

class DeadlineTest {
    @Test
    void after_zeroOrLess_isOverAtOnce() {
        assertTrue(Deadline.after(Duration.ZERO).isOver());
        assertTrue(Deadline.after(Duration.ofNanos(-1)).isOver());
        assertTrue(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).isOver());
    }

    @Test
    void after_doesNotOverflow() {
        assertSame(Deadline.NEVER, Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)));
        assertFalse(Deadline.after(Duration.ofNanos(Long.MAX_VALUE - 1)).isOver());
        assertEquals(Long.MAX_VALUE, Deadline.NEVER.leftNanos());
    }

    @Test
    void leftNanos_shrinks() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        long first = deadline.leftNanos();
        assertTrue(first <= Duration.ofSeconds(10).toNanos());
        while (deadline.leftNanos() == first) {
            Thread.onSpinWait();
        }
        assertTrue(deadline.leftNanos() < first);
    }
}
