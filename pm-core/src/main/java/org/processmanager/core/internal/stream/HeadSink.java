package org.processmanager.core.internal.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the first bytes, in growing chunks, so that only {@link #captured} copies them again. Discards the rest. */
public final class HeadSink implements Sink {
    private static final byte[] NONE = {};
    private static final int FIRST_CHUNK = 1024;
    private static final int LARGEST_CHUNK = 1024 * 1024;

    private final int bound;
    private final boolean overflowIsFailure;
    private final List<byte[]> full = new ArrayList<>();
    private byte[] chunk = NONE;
    private int used;
    private int kept;
    private boolean truncated;
    private volatile @Nullable Throwable failure;

    /** Creates a sink that keeps at most {@code bound} bytes. */
    public HeadSink(int bound, boolean overflowIsFailure) {
        this.bound = bound;
        this.overflowIsFailure = overflowIsFailure;
    }

    @Override
    public boolean accept(ByteBuffer bytes) {
        if (failure != null) {
            bytes.position(bytes.limit());
            return true;
        }
        while (bytes.hasRemaining()) {
            if (kept == bound) {
                truncated = true;
                bytes.position(bytes.limit());
                break;
            }
            if (used == chunk.length) {
                grow(bytes.remaining());
            }
            int n = Math.min(bytes.remaining(), Math.min(chunk.length - used, bound - kept));
            bytes.get(chunk, used, n);
            used += n;
            kept += n;
        }
        return true;
    }

    @Override
    public void onWritable(Runnable resume) {
        // never asks for a pause
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void end(Runnable delivered) {
        delivered.run();
    }

    @Override
    public void fail(Throwable why) {
        failure = why;
        full.clear();
        chunk = NONE;
    }

    @Override
    public boolean isBroken() {
        return failure != null;
    }

    @Override
    public Captured captured() {
        Throwable why = failure;
        if (why != null) {
            return Captured.lost(why);
        }
        byte[] all = new byte[kept];
        int at = 0;
        for (byte[] part : full) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        System.arraycopy(chunk, 0, all, at, used);
        // Shared with the result, so that the bytes are not kept twice.
        full.clear();
        chunk = all;
        used = kept;
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
        int size = Math.max(Math.max(FIRST_CHUNK, wanted), Math.min(kept, LARGEST_CHUNK));
        chunk = new byte[Math.min(size, bound - kept)];
        used = 0;
    }
}
