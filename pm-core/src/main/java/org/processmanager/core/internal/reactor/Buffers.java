package org.processmanager.core.internal.reactor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Direct buffers that go from the loop that reads into them to the consumer that uses them, and back. */
public final class Buffers {
    /** The size of each. */
    public static final int BYTES = 64 * 1024;

    private static final int MOST_SPARE = 64;
    private static final Queue<ByteBuffer> SPARE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Buffers() {}

    /** A cleared buffer for the caller alone. */
    static ByteBuffer acquire() {
        ByteBuffer spare = SPARE.poll();
        if (spare == null) {
            return ByteBuffer.allocateDirect(BYTES);
        }
        COUNT.decrementAndGet();
        return spare.clear();
    }

    /** Takes a buffer back, in whatever state. */
    public static void release(ByteBuffer buffer) {
        if (COUNT.incrementAndGet() <= MOST_SPARE) {
            SPARE.add(buffer.order(ByteOrder.BIG_ENDIAN));
        } else {
            COUNT.decrementAndGet();
        }
    }
}
