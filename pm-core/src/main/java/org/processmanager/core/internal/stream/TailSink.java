package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keeps the last bytes, in a ring that grows up to its bound. */
public final class TailSink extends KeepingSink {
    private static final int FIRST_SIZE = 1024;
    private static final byte[] NONE = {};

    private final int bound;
    private byte[] ring = NONE;
    /** The index of the next byte; before the ring has its full size also the count. */
    private int next;

    private boolean wrapped;

    /** Creates a sink that keeps at most {@code bound} bytes. */
    public TailSink(int bound) {
        this.bound = bound;
    }

    @Override
    void keep(ByteBuffer bytes) {
        if (bytes.remaining() > bound) {
            wrapped = true;
            bytes.position(bytes.limit() - bound);
        }
        growFor(bytes.remaining());
        while (bytes.hasRemaining()) {
            if (next == bound) {
                next = 0;
                wrapped = true;
            }
            int n = Math.min(bytes.remaining(), ring.length - next);
            bytes.get(ring, next, n);
            next += n;
        }
    }

    @Override
    void discard() {
        ring = NONE;
    }

    @Override
    Captured kept() {
        if (!wrapped) {
            return Captured.kept(Arrays.copyOf(ring, next), false, false);
        }
        byte[] all = new byte[bound];
        System.arraycopy(ring, next, all, 0, bound - next);
        System.arraycopy(ring, 0, all, bound - next, next);
        return Captured.kept(all, true, false);
    }

    @Override
    public byte[] retained() {
        byte[] all = captured().bytes();
        int start = 0;
        while (wrapped && start < all.length && (start == 0 || all[start - 1] != '\n')) {
            start++;
        }
        return Arrays.copyOfRange(all, start, all.length);
    }

    private void growFor(int more) {
        if (ring.length < bound && next + more > ring.length) {
            long wanted = Math.max((long) next + more, Math.max(FIRST_SIZE, ring.length * 2L));
            ring = Arrays.copyOf(ring, (int) Math.min(wanted, bound));
        }
    }
}
