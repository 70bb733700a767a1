package org.processmanager.core.internal.reactor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool of direct buffers, passed from the loop that fills them to the consumer that uses them. Thread-safe. */
public final class Buffers {
    /** The size of each buffer. */
    public static final int BYTES = 64 * 1024;

    /** Fewer bytes than this are copied rather than passed on in their buffer. */
    public static final int WORTH_PASSING = BYTES / 4;

    private static final int MAX_SPARE = 64;
    private static final Queue<ByteBuffer> SPARE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Buffers() {}

    /** Returns a cleared buffer, owned by the caller. */
    static ByteBuffer acquire() {
        ByteBuffer spare = SPARE.poll();
        if (spare == null) {
            return ByteBuffer.allocateDirect(BYTES);
        }
        COUNT.decrementAndGet();
        return spare.clear();
    }

    /** Returns a buffer to the pool, in any state. */
    public static void release(ByteBuffer buffer) {
        if (COUNT.incrementAndGet() <= MAX_SPARE) {
            SPARE.add(buffer.order(ByteOrder.BIG_ENDIAN));
        } else {
            COUNT.decrementAndGet();
        }
    }
}
