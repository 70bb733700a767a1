package org.processmanager.ipc.internal.mapped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.processmanager.ipc.Delivery;

/** How a receiver shares its visits among lanes. */
class LaneRoundsTest {
    private static final int CAPACITY = 1 << 16;

    private final LaneFixture busy = new LaneFixture(CAPACITY);
    private final LaneFixture quiet = new LaneFixture(CAPACITY);
    private final LaneRounds rounds = new LaneRounds(List.of(busy.reader, quiet.reader));
    private final StringBuilder got = new StringBuilder();

    private int read(int limit) {
        return rounds.read(
                (buffer, offset, length) -> got.append((char) buffer.get(offset)), limit, Delivery.AT_MOST_ONCE);
    }

    @Test
    void busyLane_yieldsAfterItsVisit() {
        for (int i = 0; i < 1_000; i++) {
            assertTrue(busy.offer((byte) 'b'));
        }
        quiet.offer((byte) 'q');
        assertEquals(1_001, read(Integer.MAX_VALUE));
        assertEquals(LaneRounds.VISIT_MESSAGES, got.indexOf("q"), "the position of the quiet lane's message");
        assertEquals(1_001, rounds.messages());
    }

    @Test
    void limit_holdsOverAllLanes() {
        for (int i = 0; i < 10; i++) {
            busy.offer((byte) 'b');
            quiet.offer((byte) 'q');
        }
        assertEquals(12, read(12));
        assertEquals("bbbbbbbbbbqq", got.toString());
        assertTrue(rounds.hasNext());
        assertEquals(8, read(9));
        assertFalse(rounds.hasNext());
        assertEquals(0, read(1));
    }
}
