package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps the first bytes, in growing chunks, so that only {@link #captured} copies them again. Discards the rest. */
public final class HeadSink extends KeepingSink {
    private static final byte[] NONE = {};
    private static final int FIRST_CHUNK = 1024;
    private static final int LARGEST_CHUNK = 1024 * 1024;

    private final int bound;
    private final boolean overflowIsFailure;
    private final List<byte[]> full = new ArrayList<>();
    private byte[] chunk = NONE;
    private int used;
    private int count;
    private boolean truncated;

    /** Creates a sink that keeps at most {@code bound} bytes. */
    public HeadSink(int bound, boolean overflowIsFailure) {
        this.bound = bound;
        this.overflowIsFailure = overflowIsFailure;
    }

    @Override
    void keep(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (count == bound) {
                truncated = true;
                bytes.position(bytes.limit());
                break;
            }
            if (used == chunk.length) {
                grow(bytes.remaining());
            }
            int n = Math.min(bytes.remaining(), Math.min(chunk.length - used, bound - count));
            bytes.get(chunk, used, n);
            used += n;
            count += n;
        }
    }

    @Override
    void discard() {
        full.clear();
        chunk = NONE;
    }

    @Override
    Captured kept() {
        byte[] all = new byte[count];
        int at = 0;
        for (byte[] part : full) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        System.arraycopy(chunk, 0, all, at, used);
        // Shared with the result, so that the bytes are not kept twice.
        full.clear();
        chunk = all;
        used = count;
        return Captured.kept(all, truncated, truncated && overflowIsFailure);
    }

    /** Returns whole lines only, if more than the bound came: what follows does not continue the last one. */
    @Override
    public byte[] retained() {
        byte[] all = captured().bytes();
        int end = all.length;
        while (truncated && end > 0 && all[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(all, end);
    }

    private void grow(int wanted) {
        if (used > 0) {
            full.add(chunk);
        }
        int size = Math.max(Math.max(FIRST_CHUNK, wanted), Math.min(count, LARGEST_CHUNK));
        chunk = new byte[Math.min(size, bound - count)];
        used = 0;
    }
}
