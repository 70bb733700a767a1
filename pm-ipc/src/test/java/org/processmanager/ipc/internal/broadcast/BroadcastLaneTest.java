package org.processmanager.ipc.internal.broadcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.internal.region.layout.Words;

/** A broadcast lane in memory of this process. */
class BroadcastLaneTest {
    private static final int CAPACITY = BroadcastLayout.MIN_CAPACITY;
    /** Each part of the lane has a mark. */
    private static final int PART_BYTES = CAPACITY / BroadcastLayout.MARKS;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect((int) BroadcastLayout.bytes(CAPACITY, 1)).order(ByteOrder.nativeOrder());
    private final BroadcastLane lane = new BroadcastLane(memory, 0, CAPACITY, 1, "lane");

    /** Opens the sender, as after the death of the previous one. */
    private BroadcastWriter newWriter() {
        return new BroadcastWriter(lane, new Receivers(lane, null));
    }

    private void write(BroadcastWriter writer, int length) {
        long start = writer.reserve(length);
        memory.put(writer.open(start, length), new byte[length]);
        writer.append(start, length);
    }

    private void send(BroadcastWriter writer, int... lengths) {
        for (int length : lengths) {
            write(writer, length);
            writer.publish();
        }
    }

    private BroadcastReader newDroppingReader(long position) {
        return new CopyingReader(
                lane, BroadcastLayout.receiver(0, 0), position, () -> {}, Endpoint.parse("mapped:x"), false);
    }

    private static List<Integer> receive(BroadcastReader reader) {
        List<Integer> lengths = new ArrayList<>();
        reader.read((buffer, offset, length) -> lengths.add(length), Integer.MAX_VALUE, Delivery.AT_LEAST_ONCE);
        return lengths;
    }

    @Test
    void batchOfADeadSender_leavesNoMarks() {
        BroadcastWriter dead = newWriter();
        send(dead, PART_BYTES);
        for (int i = 0; i < 10; i++) {
            write(dead, PART_BYTES); // and is killed before it publishes them
        }
        BroadcastWriter successor = newWriter();
        send(successor, 10 * PART_BYTES);
        assertEquals(2, lane.numberAt(lane.tailAcquire()), "which a receiver or a third sender asks for");
        send(newWriter(), 1);
    }

    @Test
    void impossibleWords_endInDamage() {
        assertDamage(() -> newDroppingReader(CAPACITY), CAPACITY, 10L * CAPACITY);
        assertDamage(() -> receive(newDroppingReader(0)), 10L * CAPACITY, CAPACITY);
        assertDamage(() -> receive(newDroppingReader(0)), Long.MAX_VALUE & -RecordLayout.ALIGNMENT, CAPACITY);
        assertDamage(() -> newDroppingReader(-1), -1, CAPACITY);
    }

    private void assertDamage(Executable use, long tail, long intent) {
        Words.putLongVolatile(memory, BroadcastLayout.tail(0), tail);
        Words.putLongVolatile(memory, BroadcastLayout.intent(0), intent);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThrows(ChannelCorruptException.class, use, "tail " + tail + ", intent " + intent));
    }
}
