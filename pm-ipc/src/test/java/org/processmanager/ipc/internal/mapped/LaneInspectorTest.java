package org.processmanager.ipc.internal.mapped;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.processmanager.sync.internal.region.object.ObjectHandler;

/** Reading a lane that its sender changes meanwhile. */
class LaneInspectorTest {
    private static final int CAPACITY = 4096;
    private static final int LONG = 1_000;
    private static final int SHORT = 56;
    private static final int SHORT_RECORD = LaneLayout.HEADER_BYTES + SHORT;

    private final LaneFixture lane = new LaneFixture(CAPACITY);

    /** Copies the memory in order; the sender sends once, when a copy of the lane has just begun. */
    private final class RacingBytes implements ObjectHandler.Bytes {
        private final int lanePosition = ChannelLayout.lane(0);
        private Runnable sending;

        RacingBytes(Runnable sending) {
            this.sending = sending;
        }

        @Override
        public ByteBuffer read(int position, int bytes) {
            byte[] copy = new byte[bytes];
            int begun = position == lanePosition ? Long.BYTES : 0;
            lane.memory.get(LaneFixture.CHANNEL + position, copy, 0, begun);
            if (begun > 0) {
                sending.run();
                sending = () -> {};
            }
            lane.memory.get(LaneFixture.CHANNEL + position + begun, copy, begun, bytes - begun);
            return ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        }
    }

    @Test
    void lapThatBeginsDuringTheReading_isNoDamage() {
        lane.offer(new byte[LONG]);
        int inLap = LONG + LaneLayout.HEADER_BYTES;
        while (inLap < CAPACITY - 2 * SHORT_RECORD) {
            lane.offer(new byte[SHORT]);
            inLap += SHORT_RECORD;
        }
        int last = CAPACITY - inLap - LaneLayout.HEADER_BYTES;
        lane.poll(Integer.MAX_VALUE);
        Runnable sending = () -> {
            lane.offer(new byte[last]); // up to the end of the lap
            lane.offer(LaneFixture.message(LONG + 100, 0xff)); // over the end of the former first record
        };
        LaneInspector inspector = new LaneInspector(new RacingBytes(sending), 0, 0, CAPACITY);
        assertEquals(OptionalLong.empty(), inspector.damage());
        inspector = new LaneInspector(new RacingBytes(() -> {}), 0, 0, CAPACITY);
        assertEquals(lane.writer.position, inspector.state().written());
    }
}
