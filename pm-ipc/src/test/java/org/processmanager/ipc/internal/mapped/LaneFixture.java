package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.ipc.Delivery;

/** Both ends of a lane in memory of this process, behind the header of a channel. */
final class LaneFixture {
    static final int CHANNEL = 128;
    /** The maximum length of a message. */
    static final int LONGEST = 100_000;

    final int capacity;
    final ByteBuffer memory;
    LaneWriter writer;
    LaneReader reader;
    int releases;

    LaneFixture(int capacity) {
        this.capacity = capacity;
        memory = ByteBuffer.allocateDirect(CHANNEL + (int) ChannelLayout.bytes(capacity, 1) + 64)
                .order(ByteOrder.nativeOrder());
        reopen();
    }

    /** Whether {@link #offer} adds to a batch. */
    boolean inBatch;

    /** Replaces both ends, as after the death of the old ones. */
    void reopen() {
        writer = new LaneWriter(memory, CHANNEL, capacity, "lane");
        reader = newReader();
    }

    LaneReader newReader() {
        return new LaneReader(memory, CHANNEL, capacity, LONGEST, "lane", () -> releases++);
    }

    boolean offer(byte... message) {
        long start = writer.reserve(message.length);
        if (start == LaneWriter.FULL) {
            return false;
        }
        if (inBatch) {
            writer.append(start, ByteBuffer.wrap(message), message.length);
        } else {
            memory.put(writer.payloadAt(start), message);
            writer.commit(start, message.length);
        }
        return true;
    }

    /** A message of a length, filled with one byte. */
    static byte[] message(int length, int fill) {
        byte[] message = new byte[length];
        java.util.Arrays.fill(message, (byte) fill);
        return message;
    }

    List<byte[]> poll(int limit) {
        List<byte[]> messages = new ArrayList<>();
        reader.read(
                (buffer, offset, length) -> {
                    byte[] message = new byte[length];
                    buffer.get(offset, message);
                    messages.add(message);
                },
                limit,
                Delivery.AT_MOST_ONCE);
        return messages;
    }

    byte[] snapshot() {
        byte[] all = new byte[memory.capacity()];
        memory.get(0, all);
        return all;
    }
}
