package org.processmanager.stress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Off-heap memory for the states of a test, in a ring: as many states as are alive at the same time have a block
 * each. Allocating it for each state would make the harness wait for the garbage collector.
 */
public final class Slab {
    private static final int STATES = 1 << 16;

    private final ByteBuffer memory;
    private final int bytes;
    private final AtomicInteger next = new AtomicInteger();

    /** @param bytes size of a state, a multiple of 64 */
    public Slab(int bytes) {
        this.bytes = bytes;
        this.memory = ByteBuffer.allocateDirect(STATES * bytes + 64).alignedSlice(64);
    }

    /** Returns the next block, zeroed. */
    public ByteBuffer next() {
        int index = Math.floorMod(next.getAndIncrement(), STATES);
        ByteBuffer piece = memory.slice(index * bytes, bytes).order(ByteOrder.nativeOrder());
        for (int at = 0; at < bytes; at += Long.BYTES) {
            piece.putLong(at, 0);
        }
        return piece;
    }
}
