package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.stress.Slab;

/** Both ends of a lane of the minimum capacity: three messages of eight bytes fill it. */
final class StressedLane {
    static final int MESSAGES = 3;

    private static final int MESSAGE_BYTES = Long.BYTES;
    private static final Slab SLAB = new Slab((int) ChannelLayout.bytes(LaneLayout.MIN_CAPACITY, 1));

    final LaneWriter writer;
    final LaneReader reader;
    private final ByteBuffer memory = SLAB.next();

    StressedLane() {
        writer = new LaneWriter(memory, 0, LaneLayout.MIN_CAPACITY, "lane");
        reader = new LaneReader(memory, 0, LaneLayout.MIN_CAPACITY, LaneLayout.MIN_CAPACITY, "lane", () -> {});
    }

    /** Returns whether there was room. */
    boolean write(long message) {
        long start = writer.reserve(MESSAGE_BYTES);
        if (start == LaneWriter.FULL) {
            return false;
        }
        memory.putLong(writer.payloadAt(start), message);
        writer.commit(start, MESSAGE_BYTES);
        return true;
    }

    /** Adds a message to a batch, for which there must be room. */
    void append(long message) {
        ByteBuffer content = ByteBuffer.allocate(MESSAGE_BYTES).order(ByteOrder.nativeOrder());
        writer.append(writer.reserve(MESSAGE_BYTES), content.putLong(0, message), MESSAGE_BYTES);
    }

    /** Returns the messages read as digits of a number, the first one in front. */
    int read(int limit) {
        Digits digits = new Digits();
        reader.read(digits, limit, Delivery.AT_LEAST_ONCE);
        return digits.value;
    }

    private static final class Digits implements MessageHandler {
        private int value;

        @Override
        public void onMessage(ByteBuffer buffer, int offset, int length) {
            value = value * 10 + (int) buffer.order(ByteOrder.nativeOrder()).getLong(offset);
        }
    }
}
